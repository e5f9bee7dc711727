using System.Runtime.CompilerServices;

namespace PrimeDeploy.Reporting.Tests;

/// <summary>What people read, kept as a file beside the test. GOLDEN=write in the environment writes it anew, to be looked at and committed.</summary>
internal static class Golden
{
    public static void Equal(string actual, string name, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "Golden", name);
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
