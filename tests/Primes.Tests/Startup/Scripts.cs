using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PrimeDeploy.Primes.Tests.Startup;

/// <summary>The startup scripts of this checkout, and the programs that a test of them needs.</summary>
internal static class Scripts
{
    internal static string Folder { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "scripts", "startup"));

    internal static string PathOf(string role) => Path.Combine(Folder, role + ".sh");

    /// <summary>Null when all are on the PATH, else a sentence about the first that is not.</summary>
    internal static string? Missing(params string[] programs)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var missing = Array.Find(programs, program => !Array.Exists(folders, folder => File.Exists(Path.Combine(folder, program))));
        return missing is null ? null : $"{missing} is not installed here (Debian: apt-get install {missing}).";
    }

    internal static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + await error);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
