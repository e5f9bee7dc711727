using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>
/// Executes a pipeline's steps in order, as Azure's agent does: templates and their parameters, its own variables, conditions, and the logging
/// commands that steps print. Of tasks it knows AzureCLI; the others are passed over.
/// </summary>
internal sealed partial class Agent : IAsyncDisposable
{
    /// <summary>What the task AzureCLI hands to its script.</summary>
    public const string IdToken = "PLANTED-ID-TOKEN-94ee";

    private readonly IReadOnlyDictionary<string, string> _variables;
    private readonly List<string> _summaries = [];

    /// <param name="variables">The pipeline's, as somebody set them in Azure DevOps.</param>
    public Agent(IReadOnlyDictionary<string, string> variables)
    {
        _variables = variables;
        Shell = new StepShell(new Dictionary<string, string> { ["TF_BUILD"] = "True", ["SYSTEM_DEFAULTWORKINGDIRECTORY"] = Yaml.Root, ["BUILD_REPOSITORY_NAME"] = "o/r" });
        Shell.Environment["AGENT_TEMPDIRECTORY"] = Shell.Folder.CreateSubdirectory("temporary").FullName;
    }

    public StepShell Shell { get; }

    public string Log => Shell.Log;

    public bool Failed { get; private set; }

    /// <summary>The tab of the run: every page that was uploaded.</summary>
    public string Summary => string.Concat(_summaries);

    /// <summary>Logging commands as (area.action, properties, message).</summary>
    public IEnumerable<(string Name, string Properties, string Message)> Commands => Command().Matches(Log)
        .Select(match => (match.Groups["name"].Value, match.Groups["properties"].Value, match.Groups["message"].Value.TrimEnd('\r')));

    /// <summary>A variable that a step gave to later ones; empty when none did.</summary>
    public string Output(string name) =>
        Commands.LastOrDefault(command => command.Name == "task.setvariable" && command.Properties.Contains($"variable={name};isOutput=true", StringComparison.OrdinalIgnoreCase)).Message ?? "";

    /// <summary>Runs the steps of a pipeline's only job.</summary>
    /// <param name="pipeline">A file in azure-pipelines.</param>
    /// <param name="parameters">Given by who starts it; the rest has its defaults.</param>
    public async Task RunAsync(string pipeline, IReadOnlyDictionary<string, string> parameters)
    {
        Failed = false;
        var yaml = Yaml.Read(Path.Combine(Yaml.Root, "azure-pipelines", pipeline));
        var jobs = yaml.Get("jobs") ?? yaml.Get("stages").Items().Single().Get("jobs");
        var job = jobs.Items().Single();
        var steps = job.Get("steps") ?? job.Get("strategy").Get("runOnce").Get("deploy").Get("steps");
        foreach (var (step, values) in Expand(steps.Items(), Path.Combine(Yaml.Root, "azure-pipelines"), WithDefaults(yaml, parameters)))
            if (!Failed || step.Get("condition").Text() is "succeededOrFailed()" or "always()")
                await RunAsync(step, values);
    }

    public ValueTask DisposeAsync() => Shell.DisposeAsync();

    private async Task RunAsync(YamlNode step, Expression values)
    {
        var environment = step.Get("env").Members().ToDictionary(variable => variable.Key, variable => Macro().Replace(
            values.Fill(variable.Value.Text() ?? ""), macro => _variables.GetValueOrDefault(macro.Groups["name"].Value, macro.Value)));
        var script = step.Get("bash").Text();
        if (step.Get("task").Text() == "AzureCLI@2")
        {
            script = step.Get("inputs").Get("inlineScript").Text();
            if (step.Get("inputs").Get("addSpnToEnvironment").Text() == "true")
                environment["idToken"] = IdToken;
        }
        if (script is null)
            return;
        var before = Commands.Count();
        Failed |= await Shell.RunAsync(script, environment) != 0;
        foreach (var (_, _, file) in Commands.Skip(before).Where(command => command.Name == "task.uploadsummary"))
            _summaries.Add(File.ReadAllText(file) + "\n");
    }

    /// <summary>Templates in place of their names, and of alternatives the one that holds.</summary>
    private static IEnumerable<(YamlNode Step, Expression Values)> Expand(IEnumerable<YamlNode> steps, string folder, Dictionary<string, string> parameters)
    {
        var values = new Expression(parameters, false);
        var held = false;
        foreach (var step in steps)
        {
            if (step.Members().First() is { Key: ['$', ..] key } alternative)
            {
                var condition = key.Trim('$', '{', '}', ' ');
                held = condition == "else" ? !held : values.Runs(condition[2..]);
                if (held)
                    foreach (var inner in Expand(alternative.Value.Items(), folder, parameters))
                        yield return inner;
            }
            else if (step.Get("template").Text() is { } name)
            {
                var file = Path.Combine(folder, name);
                var given = step.Get("parameters").Members().ToDictionary(parameter => parameter.Key, parameter => values.Fill(parameter.Value.Text() ?? ""));
                var template = Yaml.Read(file);
                foreach (var inner in Expand(template.Get("steps").Items(), Path.GetDirectoryName(file)!, WithDefaults(template, given)))
                    yield return inner;
            }
            else
            {
                yield return (step, values);
            }
        }
    }

    private static Dictionary<string, string> WithDefaults(YamlNode yaml, IReadOnlyDictionary<string, string> given) => yaml.Get("parameters").Items().ToDictionary(
        parameter => $"parameters.{parameter.Get("name").Text()}",
        parameter => given.GetValueOrDefault(parameter.Get("name").Text()!) ?? parameter.Get("default").Text() ?? throw new InvalidOperationException($"{parameter.Get("name")} needs a value."));

    [GeneratedRegex(@"^##vso\[(?<name>[\w.]+) ?(?<properties>[^\]]*)\](?<message>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Command();

    [GeneratedRegex(@"\$\((?<name>[\w.]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Macro();
}
