using System.Diagnostics;
using System.Text.RegularExpressions;
using PrimeDeploy.Build.Tasks;

namespace PrimeDeploy.Build.Tests;

/// <summary>The checkout that the tests were built from, and its build as a process.</summary>
internal static partial class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>Runs the build with arguments, as its users do. Bounded, so that a hanging build fails its test.</summary>
    public static Task<(int ExitCode, string Output)> BuildAsync(params string[] arguments) => BuildAsync(new Dictionary<string, string>(), arguments);

    public static async Task<(int ExitCode, string Output)> BuildAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(BuildTask).Assembly.Location, .. arguments])
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, Colour().Replace(await output + await error, ""));
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.None, 1000)]
    private static partial Regex Colour();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PrimeDeploy.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        return folder.FullName;
    }
}
