using System.Diagnostics;
using System.Text;
using Cake.Core;

namespace PrimeDeploy.Build.Projects;

/// <summary>Runs the .NET command line and keeps what it says for when it fails.</summary>
internal static class Dotnet
{
    /// <exception cref="CakeException">It ended with another exit code than 0; the message has the end of what it printed.</exception>
    public static async Task RunAsync(string root, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var printed = new StringBuilder();
        var exitCode = await RunAsync(root, arguments, line => printed.AppendLine(line), cancellationToken);
        if (exitCode != 0)
            throw new CakeException($"dotnet {string.Join(' ', arguments)} ended with exit code {exitCode}:\n{printed}");
    }

    /// <param name="root">Working directory.</param>
    /// <param name="arguments">Passed as they are, no shell in between.</param>
    /// <param name="onLine">Gets every line of both streams as it comes, one at a time.</param>
    /// <param name="cancellationToken">Ends the process and its children.</param>
    /// <param name="without">Variables of the environment that it does not get.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        string root, IReadOnlyList<string> arguments, Action<string> onLine, CancellationToken cancellationToken, IReadOnlyList<string>? without = null)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var variable in without ?? [])
            start.Environment.Remove(variable);
        using var process = Process.Start(start) ?? throw new CakeException("dotnet did not start.");
        using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var gate = new Lock();
        async Task ForwardAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
                lock (gate)
                    onLine(line);
        }

        await Task.WhenAll(ForwardAsync(process.StandardOutput), ForwardAsync(process.StandardError), process.WaitForExitAsync(CancellationToken.None));
        cancellationToken.ThrowIfCancellationRequested();
        return process.ExitCode;
    }
}
