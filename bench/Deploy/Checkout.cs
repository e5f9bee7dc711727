using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PrimeDeploy.DeployBench;

/// <summary>A checkout, its build command, and a local cloud of the benchmark's own beside the one that its user may have up.</summary>
internal sealed class Checkout(string root)
{
    private static readonly TimeSpan LongestCommand = TimeSpan.FromMinutes(20);

    public string Root => root;

    public string State { get; } = Path.Combine(root, ".primedeploy", "bench");

    public Task<TimeSpan> DeployAsync(CancellationToken cancellationToken) => BuildAsync("Deploy", cancellationToken);

    public Task<TimeSpan> TeardownAsync(CancellationToken cancellationToken) => BuildAsync("Teardown", cancellationToken);

    public async Task<LocalCloud> LocalCloudAsync(CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<LocalCloud>(await File.ReadAllTextAsync(OwnerFile, cancellationToken))!;

    /// <summary>Has the build meet the local cloud at another address.</summary>
    public Task RedirectAsync(LocalCloud cloud, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(OwnerFile, JsonSerializer.Serialize(cloud), cancellationToken);

    private string OwnerFile => Path.Combine(State, "server.json");

    private Task<TimeSpan> BuildAsync(string target, CancellationToken cancellationToken) =>
        RunAsync(root, Path.Combine(root, "build.sh"), [$"--target={target}", "--port=0", $"--state={State}"], cancellationToken);

    /// <returns>From the command to its end, as a user waits for it.</returns>
    /// <exception cref="CommandFailedException">It ended with another exit code than 0.</exception>
    public static async Task<TimeSpan> RunAsync(string folder, string command, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LongestCommand);
        var said = new StringBuilder();
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new CommandFailedException($"{command} {string.Join(' ', arguments)} took more than {LongestCommand.TotalMinutes} minutes:\n{said}");
        }
        var took = Stopwatch.GetElapsedTime(started);
        return process.ExitCode == 0 ? took
            : throw new CommandFailedException($"{command} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}:\n{said}");

        void Keep(string? line)
        {
            lock (said)
                said.AppendLine(line);
        }
    }
}

/// <summary>Who serves a state folder, as the local cloud writes it there.</summary>
internal sealed record LocalCloud(int Pid, Uri Endpoint);

/// <summary>What was to be measured did not work; the message has what it said.</summary>
internal sealed class CommandFailedException(string message) : Exception(message);
