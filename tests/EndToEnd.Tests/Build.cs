using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PrimeDeploy.EndToEnd.Tests;

/// <summary>The build as users run it, on a local cloud of its own in a temporary folder, which is taken down at the end whatever happens.</summary>
internal sealed partial class Build : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("primedeploy-e2e-");

    /// <summary>The local cloud's state folder.</summary>
    public string State => Path.Combine(_folder.FullName, "cloud");

    /// <summary>The checkout.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The process of its local cloud, and where its API is.</summary>
    public async Task<(int Pid, Uri Endpoint)> CloudAsync()
    {
        using var owner = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(State, "server.json")));
        return (owner.RootElement.GetProperty("Pid").GetInt32(), new Uri(owner.RootElement.GetProperty("Endpoint").GetString()!));
    }

    /// <summary>Runs ./build.sh with the target and arguments; the port is any free one.</summary>
    public Task<BuildRun> RunAsync(string target, params string[] arguments) => Start(target, arguments).EndAsync();

    public BuildRun Start(string target, params string[] arguments) =>
        BuildRun.Start(["--target=" + target, "--state=" + State, .. arguments.Any(a => a.StartsWith("--port", StringComparison.Ordinal)) ? arguments : ["--port=0", .. arguments]]);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("Teardown");
        _folder.Delete(recursive: true);
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PrimeDeploy.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        return folder.FullName;
    }
}

/// <summary>One run of the build, under way or ended.</summary>
internal sealed partial class BuildRun
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
    private readonly Task _streams;

    private BuildRun(Process process)
    {
        _process = process;
        _streams = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <summary>What it printed so far on both streams, without colours.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>The frontend's address that it told.</summary>
    public Uri Frontend => new(Regex.Match(Output, @"Open (?<address>http://\S+)", RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1)).Groups["address"].Value);

    /// <summary>Starts it with every signal as usual: whoever runs the tests in the background may ignore SIGINT, and so would their processes.</summary>
    public static BuildRun Start(params string[] arguments) => new(Process.Start(new ProcessStartInfo("env", ["--default-signal", Path.Combine(Build.Root, "build.sh"), .. arguments])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!);

    /// <summary>Completes when it has printed the text; fails when it ends without.</summary>
    public async Task PrintedAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            if (_output.ToString().Contains(text, StringComparison.Ordinal))
                return;
            _awaited.Add((text, seen));
        }
        await Task.WhenAny(seen.Task, _streams);
        Assert.True(seen.Task.IsCompleted, $"It ended without printing '{text}':\n{Output}");
    }

    /// <summary>Waits for its end, five minutes at most.</summary>
    public async Task<BuildRun> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        using var kill = limit.Token.Register(() => _process.Kill(entireProcessTree: true));
        await _process.WaitForExitAsync(CancellationToken.None);
        await _streams;
        return this;
    }

    public BuildRun Succeeded()
    {
        Assert.True(ExitCode == 0, Output);
        return this;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (_output)
            {
                _output.AppendLine(Colour().Replace(line, ""));
                foreach (var (text, seen) in _awaited.Where(a => line.Contains(a.Text, StringComparison.Ordinal)))
                    seen.TrySetResult();
            }
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.None, 1000)]
    private static partial Regex Colour();
}
