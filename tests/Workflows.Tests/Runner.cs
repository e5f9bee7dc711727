using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>
/// Executes the steps of a job in order, as GitHub's runner does: its own variables and files, conditions, outputs, and the steps of our own
/// action. Actions of others are passed over.
/// </summary>
internal sealed class Runner : IAsyncDisposable
{
    private readonly Dictionary<string, string> _values;
    private readonly List<string> _summaries = [];

    public Runner(IReadOnlyDictionary<string, string> environment)
    {
        Shell = new StepShell(new Dictionary<string, string>(environment)
        {
            ["GITHUB_ACTIONS"] = "true", ["CI"] = "true", ["RUNNER_OS"] = "Linux", ["GITHUB_WORKSPACE"] = Yaml.Root,
            ["GITHUB_REPOSITORY"] = "o/r", ["GITHUB_SHA"] = "0123abc", ["GITHUB_RUN_ID"] = "1", ["GITHUB_SERVER_URL"] = "https://github.example",
        });
        Shell.Environment["RUNNER_TEMP"] = Shell.Folder.FullName;
        _values = new() { ["runner.temp"] = Shell.Folder.FullName, ["github.action_path"] = Yaml.Root };
    }

    public StepShell Shell { get; }

    public string Log => Shell.Log;

    /// <summary>The page of the run: what every step appended to it.</summary>
    public string Summary => string.Concat(_summaries);

    public bool Failed { get; private set; }

    public string Value(string name) => _values.GetValueOrDefault(name, "");

    /// <summary>Runs a job with the values that its expressions read, named as "inputs.cloud".</summary>
    /// <param name="job">Of a workflow.</param>
    /// <param name="values">They stay for the next job.</param>
    /// <param name="only">Which of its steps; all without it.</param>
    public async Task RunAsync(YamlNode job, IReadOnlyDictionary<string, string> values, Func<YamlNode, bool>? only = null)
    {
        foreach (var (name, value) in values)
            _values[name] = value;
        Failed = false;
        foreach (var step in job.Get("steps").Items().Where(step => only?.Invoke(step) != false))
        {
            if (!Now().Runs(step.Get("if").Text()))
                continue;
            if (step.Get("run").Text() is { } script)
                await RunAsync(script, Filled(step.Get("env"), Now()), step.Get("id").Text());
            else if (step.Get("uses").Text()!.StartsWith("./", StringComparison.Ordinal))
                await RunActionAsync(Filled(step.Get("with"), Now()), step.Get("id").Text());
        }
    }

    public ValueTask DisposeAsync() => Shell.DisposeAsync();

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

    private async Task RunAsync(string script, Dictionary<string, string> variables, string? id)
    {
        foreach (var name in (string[])["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_ENV", "GITHUB_PATH"])
            File.WriteAllText(variables[name] = Path.Combine(Shell.Folder.FullName, name), "");
        Failed |= await Shell.RunAsync(script, variables) != 0;
        _summaries.Add(File.ReadAllText(variables["GITHUB_STEP_SUMMARY"]));
        foreach (var line in File.ReadLines(variables["GITHUB_OUTPUT"]).Where(line => line.Contains('=', StringComparison.Ordinal)))
            _values[$"steps.{id}.outputs.{line[..line.IndexOf('=', StringComparison.Ordinal)]}"] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
    }

    private Expression Now() => new(_values, Failed);

    private static Dictionary<string, string> Filled(YamlNode? map, Expression expression) =>
        map.Members().ToDictionary(member => member.Key, member => expression.Fill(member.Value.Text() ?? ""));
}
