using System.Diagnostics;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

/// <summary>A program that is installed on this host, run with an environment of the test's choice.</summary>
internal sealed record ClientProgram(string File, IReadOnlyDictionary<string, string> Environment, string Folder)
{
    /// <summary>The program's file, looked for where the shell looks; null when it is not installed.</summary>
    public static string? Find(string name) => (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(System.IO.File.Exists);

    /// <summary>Runs it, and fails the test when it fails.</summary>
    /// <returns>What it printed on standard output.</returns>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await TryAsync(arguments);
        Assert.True(exitCode == 0, $"{Path.GetFileName(File)} {string.Join(' ', arguments)}\nended with {exitCode}:\n{output}\n{error}");
        return output;
    }

    public async Task<(int ExitCode, string Output, string Error)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(File, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await error);
    }
}
