using System.Diagnostics;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>
/// Executes the steps of a job in order, as GitHub's runner does, on this machine: its own variables and files, conditions, outputs, and the
/// steps of our own action. Actions of others are passed over. What a test cannot have is set apart from the workflow's own: packages from
/// substitutes, simulated machines, and a local cloud in a folder of the test.
/// </summary>
internal sealed class Runner : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("primedeploy-runner-");
    private readonly Dictionary<string, string> _values = [];
    private readonly StringBuilder _log = new();
    private readonly StringBuilder _summary = new();

    public Runner(IReadOnlyDictionary<string, string> environment)
    {
        Environment = new Dictionary<string, string>(environment)
        {
            ["GITHUB_ACTIONS"] = "true", ["CI"] = "true", ["RUNNER_TEMP"] = _folder.FullName, ["RUNNER_OS"] = "Linux",
            ["GITHUB_WORKSPACE"] = Yaml.Root, ["GITHUB_REPOSITORY"] = "o/r", ["GITHUB_SHA"] = "0123abc", ["GITHUB_RUN_ID"] = "1", ["GITHUB_SERVER_URL"] = "https://github.example",
        };
        // Root needs no sudo, and a machine for tests may have none.
        var tools = _folder.CreateSubdirectory("tools").FullName;
        File.WriteAllText(Path.Combine(tools, "sudo"), "#!/bin/bash\nwhile [[ $1 == --* ]]; do shift; done\nexec \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(tools, "sudo"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Environment["PATH"] = $"{tools}:{System.Environment.GetEnvironmentVariable("PATH")}";
        _values["runner.temp"] = _folder.FullName;
        _values["github.action_path"] = Yaml.Root;
    }

    public Dictionary<string, string> Environment { get; }

    /// <summary>The local cloud's folder, unless the workflow says another.</summary>
    public string State => Path.Combine(_folder.FullName, "cloud");

    public string Log => _log.ToString();

    public string Summary => _summary.ToString();

    public bool Failed { get; private set; }

    public string Value(string name) => _values.GetValueOrDefault(name, "");

    /// <summary>Runs a job with the values that its expressions read, named as "inputs.cloud".</summary>
    public async Task RunAsync(YamlNode job, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, value) in values)
            _values[name] = value;
        Failed = false;
        foreach (var step in job.Get("steps").Items())
        {
            if (!Now().Runs(step.Get("if").Text()))
                continue;
            if (step.Get("run").Text() is { } script)
                await RunAsync(script, Filled(step.Get("env"), Now()), step.Get("id").Text());
            else if (step.Get("uses").Text()!.StartsWith("./", StringComparison.Ordinal))
                await RunActionAsync(Filled(step.Get("with"), Now()), step.Get("id").Text());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("./build.sh --target=Teardown", new Dictionary<string, string>(), null);
        _folder.Delete(recursive: true);
    }

    /// <summary>The action has inputs and outputs of its own.</summary>
    private async Task RunActionAsync(Dictionary<string, string> given, string? id)
    {
        var inner = new Dictionary<string, string>(_values.Where(value => !value.Key.StartsWith("inputs.", StringComparison.Ordinal)));
        inner["github.token"] = Value("github.token");
        foreach (var (name, input) in Yaml.Action.Get("inputs").Members())
            inner[$"inputs.{name}"] = given.GetValueOrDefault(name) ?? new Expression(inner, false).Fill(input.Get("default").Text() ?? "");
        foreach (var step in Yaml.Action.Get("runs").Get("steps").Items().Where(step => step.Get("run") is not null))
        {
            await RunAsync(step.Get("run").Text()!, Filled(step.Get("env"), new Expression(inner, Failed)), step.Get("id").Text());
            foreach (var (name, value) in _values.Where(value => value.Key.StartsWith("steps.", StringComparison.Ordinal)))
                inner[name] = value;
        }
        foreach (var (name, output) in Yaml.Action.Get("outputs").Members())
            _values[$"steps.{id}.outputs.{name}"] = new Expression(inner, Failed).Fill(output.Get("value").Text()!);
    }

    private async Task RunAsync(string script, IReadOnlyDictionary<string, string> variables, string? id)
    {
        string Fresh(string name)
        {
            var file = Path.Combine(_folder.FullName, name);
            File.WriteAllText(file, "");
            return file;
        }

        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        {
            WorkingDirectory = Yaml.Root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment.Concat(variables))
            start.Environment[name] = value;
        start.Environment["GITHUB_OUTPUT"] = Fresh("output");
        start.Environment["GITHUB_STEP_SUMMARY"] = Fresh("summary");
        start.Environment["GITHUB_ENV"] = Fresh("env");
        start.Environment["GITHUB_PATH"] = Fresh("path");
        // Apart from the workflow's own.
        start.Environment["PublishedPackages"] = "false";
        start.Environment["CAKE_PRIMEDEPLOY_CLOUD"] = "local";
        start.Environment["CAKE_PRIMEDEPLOY_MACHINES"] = "none";
        start.Environment["CAKE_PRIMEDEPLOY_STATE"] = State;
        start.Environment["CAKE_PRIMEDEPLOY_PORT"] = "0";

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError), process.WaitForExitAsync(CancellationToken.None));
        Failed |= process.ExitCode != 0;
        _summary.Append(File.ReadAllText(start.Environment["GITHUB_STEP_SUMMARY"]!));
        foreach (var line in File.ReadLines(start.Environment["GITHUB_OUTPUT"]!).Where(line => line.Contains('=', StringComparison.Ordinal)))
            _values[$"steps.{id}.outputs.{line[..line.IndexOf('=', StringComparison.Ordinal)]}"] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
            lock (_log)
                _log.AppendLine(line);
    }

    private Expression Now() => new(_values, Failed);

    private static Dictionary<string, string> Filled(YamlNode? map, Expression expression) =>
        map.Members().ToDictionary(member => member.Key, member => expression.Fill(member.Value.Text() ?? ""));
}
