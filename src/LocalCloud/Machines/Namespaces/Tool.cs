using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>The one place that runs the system's tools (ip, nft, perl, bash).</summary>
[SupportedOSPlatform("linux")]
internal static class Tool
{
    /// <summary>Runs a program to its end and collects what it prints.</summary>
    /// <param name="command">Program and arguments; no shell in between.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="inside">Network namespace to start it in; null for this process's own.</param>
    /// <param name="cancellationToken">Kills the program and what it started.</param>
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command, string input, NetworkNamespace? inside, CancellationToken cancellationToken)
    {
        using var process = inside is null ? Start(command) : inside.Visit(() => Start(command));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process.StandardInput, input);
            await process.WaitForExitAsync(cancellationToken);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Like <see cref="RunAsync"/>, for a program whose failure is ours.</summary>
    /// <exception cref="MachineHostException">With the command, its input and what it complained about.</exception>
    public static async Task MustRunAsync(
        IReadOnlyList<string> command, string input, NetworkNamespace? inside, CancellationToken cancellationToken)
    {
        var result = await RunAsync(command, input, inside, cancellationToken);
        if (result.ExitCode != 0)
            throw new MachineHostException($"`{string.Join(' ', command)}` failed with exit code {result.ExitCode}: {result.Error.Trim()}\n{input}".TrimEnd());
    }

    /// <summary>Starts a program with all three streams redirected and this process's environment reduced to the search path.</summary>
    public static Process Start(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LC_ALL"] = "C";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new MachineHostException($"`{command[0]}` cannot be started: {failure.Message}.", failure);
        }
    }

    private static async Task WriteAsync(StreamWriter standardInput, string input)
    {
        try
        {
            await using (standardInput)
                await standardInput.WriteAsync(input);
        }
        catch (IOException)
        {
            // It ended without reading its input; its exit code and its words tell why.
        }
    }
}
