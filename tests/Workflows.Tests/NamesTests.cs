using System.Reflection;
using System.Text.RegularExpressions;
using Cake.Frosting;
using PrimeDeploy.Build.Tasks;
using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>Whatever the YAML names has to exist: nothing else finds out before a run does.</summary>
public sealed class NamesTests
{
    private const RegexOptions None = RegexOptions.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private static readonly HashSet<string> Tasks = new(typeof(BuildTask).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<TaskNameAttribute>()?.Name).OfType<string>(), StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Settings = [.. SettingsOfTheBuild()];

    public static TheoryData<string> AllFiles => [.. Yaml.Workflows.Concat(Yaml.Pipelines).Append(Yaml.ActionFile).Select(file => Path.GetRelativePath(Yaml.Root, file))];

    public static TheoryData<string> Workflows => [.. Yaml.Workflows.Select(file => Path.GetRelativePath(Yaml.Root, file))];

    public static TheoryData<string> Pipelines => [.. Yaml.Pipelines.Select(file => Path.GetRelativePath(Yaml.Root, file))];

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Every_target_is_a_task(string file)
    {
        var yaml = Read(file);
        var named = yaml.Mappings().Select(map => map.Get("target").Text()).OfType<string>()
            .Concat(yaml.Mappings().Where(map => map.Get("description").Text() == "What to do" || map.Get("displayName").Text() == "What to do")
                .SelectMany(input => (input.Get("options") ?? input.Get("values")).Items().Select(option => option.Text()!)))
            .Concat(yaml.Scripts().SelectMany(script => Matches(script, @"--target=""?(?<name>[\w$]+)")))
            .Where(name => !name.StartsWith('$'));
        if (file == "action.yml")
            named = named.Append(yaml.Get("inputs").Get("target").Get("default").Text()!);

        Assert.All(named, name => Assert.Contains(name, Tasks));
    }

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Every_setting_in_the_environment_and_every_argument_is_one(string file)
    {
        var yaml = Read(file);
        var variables = yaml.AllNodes.OfType<YamlScalarNode>().Select(node => node.Value!).Where(text => text.StartsWith("CAKE_PRIMEDEPLOY_", StringComparison.Ordinal))
            .Select(text => text["CAKE_PRIMEDEPLOY_".Length..].ToLowerInvariant().Replace('_', '-'));
        var arguments = yaml.Scripts().Where(script => script.Contains("build.sh", StringComparison.Ordinal)).SelectMany(script => Matches(script, @"--(?<name>[a-z-]+)="))
            .Where(argument => argument is not ("target" or "preserve-env"));

        Assert.All(variables.Concat(arguments), name => Assert.Contains(name, Settings));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_input_that_the_action_is_given_and_every_output_that_it_is_asked_for_exists(string file)
    {
        var inputs = Yaml.Action.Get("inputs").Members().Select(input => input.Key).ToHashSet();
        var outputs = Yaml.Action.Get("outputs").Members().Select(output => output.Key).ToHashSet();
        var workflow = Read(file);
        var own = workflow.Steps().Where(step => step.Get("uses").Text()?.StartsWith("./", StringComparison.Ordinal) == true).ToList();

        Assert.All(own.SelectMany(step => step.Get("with").Members()), given => Assert.Contains(given.Key, inputs));
        Assert.All(Matches(Whole(file), @"steps\.(?<step>[\w-]+)\.outputs\.(?<name>[\w-]+)"), name => Assert.Contains(name, outputs));
        Assert.All(Matches(Whole(file), @"jobs\.[\w-]+\.outputs\.(?<name>[\w-]+)"),
            name => Assert.Contains(workflow.Get("jobs").Members(), job => job.Value.Get("outputs").Get(name) is not null));
    }

    [Fact]
    public void The_outputs_of_the_action_are_those_that_the_build_sets()
    {
        Assert.Equal(["deployment-id", "frontend-url"], Yaml.Action.Get("outputs").Members().Select(output => output.Key).Order(StringComparer.Ordinal));
        var report = File.ReadAllText(Path.Combine(Yaml.Root, "build", "Reporting", "RunReport.cs"));
        Assert.All(Yaml.Action.Get("outputs").Members(), output => Assert.Contains($".Output(\"{output.Key}\"", report, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Every_input_that_is_read_is_declared(string file)
    {
        var yaml = Read(file);
        var on = yaml.Get("on");
        var declared = file == "action.yml" ? [.. yaml.Get("inputs").Members().Select(input => input.Key)]
            : file.StartsWith("azure", StringComparison.Ordinal) ? [.. yaml.Get("parameters").Items().Select(parameter => parameter.Get("name").Text()!)]
            : (HashSet<string>)[.. on.Get("workflow_dispatch").Get("inputs").Members().Select(input => input.Key)];

        Assert.All(Matches(Whole(file), @"(?<![\w.])(inputs|parameters)\.(?<name>[\w-]+)"), name => Assert.Contains(name, declared));
    }

    [Fact]
    public void A_workflow_that_calls_deploy_gives_what_a_person_gives()
    {
        var on = Read(".github/workflows/deploy.yml").Get("on");
        static IEnumerable<(string, string?)> Of(YamlNode? trigger) => trigger.Get("inputs").Members().Select(input => (input.Key, input.Value.Get("default").Text()));
        Assert.Equal(Of(on.Get("workflow_dispatch")), Of(on.Get("workflow_call")));
    }

    [Fact]
    public void Dispatch_gives_inputs_that_the_workflow_has()
    {
        var inputs = Read(".github/workflows/deploy.yml").Get("on").Get("workflow_dispatch").Get("inputs").Members().Select(input => input.Key).ToHashSet();
        Assert.All(DispatchTask.InputNames.Append("request"), name => Assert.Contains(name, inputs));
        Assert.Contains("inputs.request", Read(".github/workflows/deploy.yml").Get("run-name").Text(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pipelines))]
    public void Every_template_is_there_and_has_the_parameters_that_it_is_given(string file)
    {
        foreach (var use in Read(file).Mappings().Where(map => map.Get("template") is not null))
        {
            var template = Yaml.Read(Path.Combine(Yaml.Root, Path.GetDirectoryName(file)!, use.Get("template").Text()!));
            var declared = template.Get("parameters").Items().ToDictionary(parameter => parameter.Get("name").Text()!, parameter => parameter.Get("default") is not null);
            var given = use.Get("parameters").Members().Select(parameter => parameter.Key).ToHashSet();
            Assert.All(given, name => Assert.Contains(name, declared.Keys));
            Assert.All(declared.Where(parameter => !parameter.Value), required => Assert.Contains(required.Key, given));
        }
    }

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void Every_action_of_others_is_pinned_by_a_full_hash_with_its_version(string file)
    {
        foreach (var line in File.ReadLines(Path.Combine(Yaml.Root, file)).Where(line => Regex.IsMatch(line, @"(?<start>^|\s)uses: ", RegexOptions.ExplicitCapture, Limit) && !line.Contains("uses: ./", StringComparison.Ordinal)))
            Assert.Matches(new Regex(@"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", None, Limit), line);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Permissions_are_said_and_every_job_has_a_limit_of_time(string file)
    {
        var workflow = Read(file);
        Assert.NotNull(workflow.Get("permissions"));
        Assert.DoesNotContain("write-all", Whole(file), StringComparison.Ordinal);
        Assert.All(workflow.Get("jobs").Members(), job => Assert.NotNull(job.Value.Get("timeout-minutes")));
        Assert.All(workflow.Steps().Where(step => step.Get("uses").Text()?.StartsWith("actions/checkout", StringComparison.Ordinal) == true),
            step => Assert.Equal("false", step.Get("with").Get("persist-credentials").Text()));
    }

    [Theory]
    [MemberData(nameof(AllFiles))]
    public void No_script_has_an_expression_in_it(string file) =>
        Assert.All(Read(file).Scripts(), script => Assert.DoesNotContain("${{", script, StringComparison.Ordinal));

    [Fact]
    public void No_run_of_a_deployment_is_cancelled_by_another_and_the_only_GitHub_Deployment_is_the_builds()
    {
        var deploy = Read(".github/workflows/deploy.yml");
        Assert.Equal("primedeploy-${{ inputs.cloud }}-${{ inputs.name }}", deploy.Get("concurrency").Get("group").Text());
        Assert.Equal(("false", "max"), (deploy.Get("concurrency").Get("cancel-in-progress").Text(), deploy.Get("concurrency").Get("queue").Text()));
        var environment = deploy.Get("jobs").Get("run").Get("environment");
        Assert.Equal(("${{ inputs.cloud }}", "false"), (environment.Get("name").Text(), environment.Get("deployment").Text()));
    }

    [Fact]
    public void A_called_workflow_takes_the_action_beside_itself_and_not_the_callers()
    {
        var checkout = Read(".github/workflows/deploy.yml").Steps().First().Get("with");
        Assert.Equal(("${{ job.workflow_repository }}", "${{ job.workflow_sha }}"), (checkout.Get("repository").Text(), checkout.Get("ref").Text()));
    }

    [Fact]
    public void Teardown_runs_at_night_whether_or_not_something_changed_and_not_at_the_full_hour()
    {
        var pipeline = Read("azure-pipelines/teardown.yml").Get("schedules").Items().Single();
        var workflow = Read(".github/workflows/teardown.yml").Get("on").Get("schedule").Items().Single();
        Assert.Equal("true", pipeline.Get("always").Text());
        Assert.All([pipeline, workflow], schedule => Assert.Matches(new Regex(@"^[1-9]\d? [0-5] \* \* \*$", None, Limit), schedule.Get("cron").Text()!));
    }

    private static YamlMappingNode Read(string file) => Yaml.Read(Path.Combine(Yaml.Root, file));

    private static string Whole(string file) => File.ReadAllText(Path.Combine(Yaml.Root, file));

    private static IEnumerable<string> Matches(string text, string pattern) => Regex.Matches(text, pattern, RegexOptions.ExplicitCapture, Limit).Select(match => match.Groups["name"].Value);

    private static IEnumerable<string> SettingsOfTheBuild() => PrimeDeploy.Build.Settings.Setting.All.Select(setting => setting.Name);
}
