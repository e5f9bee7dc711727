using Cake.Common.Build;
using Cake.Common.Diagnostics;
using Cake.Core;
using PrimeDeploy.Build.Reporting.Hosts;
using PrimeDeploy.Build.Settings;
using PrimeDeploy.Deployer;
using PrimeDeploy.Reporting;
using PrimeDeploy.Reporting.GitHub;

namespace PrimeDeploy.Build.Reporting;

/// <summary>
/// Tells the CI system, and GitHub, what a run does and how it ended. On a developer's machine there is neither, and nothing of it shows.
/// </summary>
internal sealed class RunReport : IProgress<DeploymentEvent>
{
    private readonly BuildContext _context;
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly RunRecord _record = new();
    private readonly Secrets _secrets;
    private readonly ICiHost? _host;
    private readonly GitHubNews? _news;
    private string _target = "the build";
    private readonly List<string> _removed = [];
    private Subject? _subject;

    private RunReport(BuildContext context, IReadOnlyDictionary<string, string> environment)
    {
        _context = context;
        _secrets = Secrets.Of(environment);
        _host = context.BuildSystem() switch
        {
            { IsRunningOnGitHubActions: true } system => new GitHubActionsHost(system.GitHubActions),
            { IsRunningOnAzurePipelines: true } system => new AzurePipelinesHost(system.AzurePipelines),
            _ => null,
        };
        // A token on a developer's machine is not meant for this.
        _news = _host is GitHubActionsHost && GitHubRun.From(environment) is { } run ? new GitHubNews(run) : null;
    }

    public static RunReport Of(BuildContext context) => new(context, Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal));

    /// <summary>Where the service can be opened; null when nothing was deployed.</summary>
    public Uri? Frontend => _record.Events().Frontend;

    public void Report(DeploymentEvent value)
    {
        _record.Report(value);
        if (_host is not null && value is ResourceFinished && _record.Events() is { Plan: { } plan } events)
            _host.Progress(100 * events.Outcomes.Count / plan.Changes.Count, $"{events.Outcomes.Count} of {plan.Changes.Count} resources");
    }

    /// <summary>The run is about to look at its settings.</summary>
    public void Begin(string target)
    {
        _target = target;
        foreach (var secret in _secrets.Values)
            _host?.Mask(secret);
    }

    /// <summary>The settings are good: the tasks are next.</summary>
    public void Begin(BuildSettings settings)
    {
        _subject = Subject.Of(settings);
        if (Runs("Deploy"))
            _news?.DeploymentBegins(_subject.Environment);
    }

    /// <summary>A deployment whose time was over is gone.</summary>
    public void Removed(string deployment) => _removed.Add(deployment);

    public void TaskBegins(string task) => _host?.StartGroup(task);

    public void TaskEnded() => _host?.EndGroup();

    /// <summary>The run has ended; what went wrong is null when nothing did.</summary>
    public async Task EndAsync(Exception? thrown)
    {
        if (_host is null)
            return;
        var events = _record.Events();
        var error = thrown is null ? null : _secrets.Redact(Message(thrown));
        Annotate(events, error);
        if (events.Frontend is { } frontend && error is null)
            _host.Output("frontend-url", frontend.AbsoluteUri);
        if (_subject is not { } subject)
            return;

        var summary = _secrets.Redact(RunSummary.Write(
            new RunHeadline(_target, Runs("TeardownExpired") ? null : subject.Name, subject.Cloud, TimeProvider.System.GetElapsedTime(_start), error, Runs("Deploy") ? subject.Cost : null), events));
        if (events.All.Count > 0 || error is not null)
            _host.Summary(summary, Keep(summary, events));
        if (_news is not null)
            await TellAsync(_news, subject, events, error, summary);
    }

    private async Task TellAsync(GitHubNews news, Subject subject, RunEvents events, string? error, string summary)
    {
        if (Runs("Deploy"))
            await news.DeploymentEndedAsync(error, events.Proof, events.Frontend);
        if (news.DeploymentId is { } id)
            _host!.Output("deployment-id", id.ToString());
        if (Runs("Plan") && events.Plan is not null)
            await news.PlanMadeAsync(subject.Name, summary);
        if (Runs("Teardown") && error is null)
            await news.DeploymentRemovedAsync(subject.Environment);
        foreach (var name in _removed)
            await news.DeploymentRemovedAsync(subject.EnvironmentOf(name));
        if (Runs("TeardownExpired"))
            await news.ExpiredTakenDownAsync(error is null ? null : summary);
        if (news.Warning is { } warning)
            _host!.Warning(_secrets.Redact(warning));
    }

    private void Annotate(RunEvents events, string? error)
    {
        foreach (var failure in events.Failures)
            _host!.Error(_secrets.Redact($"{failure.Resource}: {failure.Error}"), $"build/Tasks/{failure.Resource.Step}Task.cs");
        var failed = events.Checks.Where(check => check.Result is CheckResult.Failed).ToList();
        foreach (var check in failed)
            _host!.Error(_secrets.Redact($"{check.Asked} from {check.From}: expected {check.Expected}, got {check.Answer}"), Script(check.Checkpoint));
        if (error is not null && events.Failures.Count == 0 && failed.Count == 0)
            _host!.Error(error, _subject is null ? "cake.config" : null);
    }

    /// <summary>Writes what an artifact is made of.</summary>
    /// <returns>The summary's file.</returns>
    private string Keep(string summary, RunEvents events)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_context.Root, "artifacts", "run")).FullName;
        File.WriteAllLines(Path.Combine(folder, $"{_target}.log"), events.All
            .Select(happened => (happened.At, Line: EventText.Line(happened)))
            .Where(line => line.Line is not null)
            .Select(line => _secrets.Redact($"{line.At:HH:mm:ss.fff} {line.Line}")));
        var file = Path.Combine(folder, $"{_target}.md");
        File.WriteAllText(file, summary);
        return file;
    }

    private bool Runs(string task) => _context.TasksToExecute.Contains(task, StringComparer.OrdinalIgnoreCase);

    /// <summary>What a person who has to repair it looks at first.</summary>
    private static string Script(Checkpoint checkpoint) => $"scripts/startup/{checkpoint switch
    {
        Checkpoint.TestInstance => "probe",
        Checkpoint.Frontend => "frontend",
        _ => "backend",
    }}.sh";

    /// <summary>Cake wraps what a task threw.</summary>
    private static string Message(Exception thrown) => thrown switch
    {
        AggregateException { InnerExceptions: [var only] } => Message(only),
        CakeException { InnerException: CakeException inner } => inner.Message,
        _ => thrown.Message,
    };

    /// <param name="Name">The deployment's.</param>
    /// <param name="Kind">google or local.</param>
    /// <param name="Cloud">For people.</param>
    /// <param name="Cost">For people; null when it is not known.</param>
    private sealed record Subject(string Name, string Kind, string Cloud, string? Cost)
    {
        /// <summary>What GitHub shows the deployment as.</summary>
        public string Environment => EnvironmentOf(Name);

        public string EnvironmentOf(string deployment) => $"{Kind}/{deployment}";

        public static Subject Of(BuildSettings settings) => new(
            settings.Deployment.Name,
            settings.Google ? "google" : "local",
            settings.Google ? $"Google Cloud, project {settings.Deployment.Project}" : "the local cloud",
            PriceTable.Deployment(settings.Deployment) is { } dollars ? $"about ${dollars:F2} an hour on Google Cloud (estimate, list prices of {PriceTable.Date:yyyy-MM-dd})" : null);
    }
}
