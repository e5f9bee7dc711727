using System.Text;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Reporting;

/// <summary>What a run was about.</summary>
/// <param name="Target">What was asked for: "Deploy".</param>
/// <param name="Deployment">The deployment's name; null when the run was about more than one.</param>
/// <param name="Cloud">In words: "Google Cloud, project my-project" or "the local cloud".</param>
/// <param name="Duration">From start to end.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Cost">What the deployment costs, in words and as an estimate; null when that is not known.</param>
public sealed record RunHeadline(string Target, string? Deployment, string Cloud, TimeSpan Duration, string? Error, string? Cost = null);

/// <summary>A run as a page in Markdown: for the summary of a job, where people look first.</summary>
public static class RunSummary
{
    /// <summary>GitHub takes 1 MiB for one step; a run of hundreds of resources stays far below.</summary>
    private const int LongestEvidence = 20_000;

    /// <summary>Writes it.</summary>
    /// <param name="headline">What the run was about and how it ended.</param>
    /// <param name="events">What happened.</param>
    public static string Write(RunHeadline headline, RunEvents events)
    {
        var text = new StringBuilder();
        var of = headline.Deployment is { } name ? $" {name}" : "";
        text.Append($"## {(headline.Error is null ? "✅" : "❌")} {Markdown.Text(headline.Target + of)} on {Markdown.Text(headline.Cloud)}\n\n");
        text.Append(string.Join(" · ", Facts(headline, events))).Append("\n\n");
        if (headline.Error is { } error)
            text.Append(Markdown.Block(error)).Append('\n');
        Append(text, "Plan", PlanOf(events));
        Append(text, "Resources", Resources(events));
        Append(text, "Checkpoints", Checkpoints(events));
        Append(text, "Taken down", TakenDown(events));
        Append(text, "How it hangs together", Graph(events));
        return text.ToString();
    }

    private static IEnumerable<string> Facts(RunHeadline headline, RunEvents events)
    {
        if (events.Frontend is { } frontend && headline.Error is null)
            yield return $"**Open [{frontend}]({frontend})**";
        if (events.Outcomes.Count > 0)
            yield return $"{events.Outcomes.Count} resources";
        if (events.Checks.Count > 0)
            yield return events.Proof;
        if (events.Retries > 0)
            yield return events.Retries == 1 ? "1 call made again" : $"{events.Retries} calls made again";
        yield return $"{headline.Duration.TotalSeconds:F1} s";
        if (headline.Cost is { } cost)
            yield return Markdown.Text(cost);
    }

    /// <summary>Only where nothing was applied: what was applied is told by resource.</summary>
    private static string? PlanOf(RunEvents events) =>
        events.Plan is { } plan && events.Outcomes.Count == 0 && events.Failures.Count == 0 ? Markdown.Block(Coloured(plan), "diff") : null;

    /// <summary>GitHub colours a line by its first character.</summary>
    private static string Coloured(Plan plan) => string.Join('\n', plan.ToString().Split('\n').Select(line => line switch
    {
        [' ', ' ', '+' or '-', .. var rest] => line[2] + rest,
        [' ', ' ', '~', .. var rest] => "!" + rest,
        _ => line,
    }));

    private static string? Resources(RunEvents events)
    {
        IReadOnlyList<IReadOnlyList<string>> rows =
        [
            .. events.Outcomes.Select(o => (string[])[o.Resource.Kind, o.Resource.Name, Done(o.Action), Seconds(o.Action, o.Duration), o.Detail ?? ""]),
            .. events.Failures.Select(f => (string[])[f.Resource.Kind, f.Resource.Name, "❌ failed", $"{f.Duration.TotalSeconds:F2}", f.Error.ToString()]),
            .. events.Blocked.Select(b => (string[])[b.Resource.Kind, b.Resource.Name, "not completed", "", $"because {b.Failed} failed"]),
        ];
        return rows.Count == 0 ? null : Markdown.Table([["resource", "name", "", "seconds", ""], .. rows]);
    }

    private static string? Checkpoints(RunEvents events)
    {
        if (events.Checks.Count == 0)
            return null;
        var table = Markdown.Table([["checkpoint", "asked", "from", "", "answer"],
            .. events.Checks.OrderBy(check => check.Checkpoint).Select(c => (string[])[Words(c.Checkpoint), c.Asked, c.From, Sign(c.Result), c.Answer])]);
        var evidence = events.Checks.Where(check => check is { Result: CheckResult.Failed, Evidence: not null })
            .Select(check => Markdown.Folded($"What was seen: {check.Asked} from {check.From}", Markdown.Block(End(check.Evidence!))));
        return table + string.Concat(evidence.Select(block => "\n" + block));
    }

    private static string? TakenDown(RunEvents events) => events.TakenDown.Count == 0 ? null : Markdown.Table([["resource", "name", "", "seconds", ""],
        .. events.TakenDown.Select(item => (string[])[item.Kind, item.Name, Word(item.Result), $"{item.Duration.TotalSeconds:F2}", item.Message ?? ""])]);

    private static string? Graph(RunEvents events)
    {
        if (events.Plan is not { } plan)
            return null;
        var done = events.Outcomes.GroupBy(o => o.Resource).ToDictionary(group => group.Key, group => group.Last().Action);
        var failed = events.Failures.Select(f => f.Resource).ToHashSet();
        var blocked = events.Blocked.Select(b => b.Resource).ToHashSet();
        string StateOf(Resource resource) =>
            failed.Contains(resource) ? "failed" : blocked.Contains(resource) ? "blocked" : State(done.GetValueOrDefault(resource, plan[resource].Action));
        return Markdown.Folded("Show the graph", Markdown.Block(MermaidGraph.Of([.. plan.Changes.Select(change => change.Resource)], StateOf), "mermaid"));
    }

    private static void Append(StringBuilder text, string title, string? body)
    {
        if (body is not null)
            text.Append($"### {title}\n\n{body}\n");
    }

    private static string End(string evidence) => evidence.Length <= LongestEvidence ? evidence : "…" + evidence[^LongestEvidence..];

    private static string Seconds(PlanAction action, TimeSpan duration) => action is PlanAction.None ? "" : $"{duration.TotalSeconds:F2}";

    private static string State(PlanAction action) => action switch
    {
        PlanAction.Create => "created",
        PlanAction.None => "unchanged",
        _ => "changed",
    };

    private static string Done(PlanAction action) => action switch
    {
        PlanAction.Create => "created",
        PlanAction.Update => "updated",
        PlanAction.Replace => "replaced",
        _ => "unchanged",
    };

    private static string Sign(CheckResult result) => result switch
    {
        CheckResult.Passed => "✅",
        CheckResult.Skipped => "skipped",
        _ => "❌",
    };

    private static string Word(TeardownResult result) => result switch
    {
        TeardownResult.Deleted => "deleted",
        TeardownResult.Left => "left as it is",
        _ => "❌ not deleted",
    };

    private static string Words(Checkpoint checkpoint) => checkpoint switch
    {
        Checkpoint.BackendGroup => "backend group",
        Checkpoint.InternalLoadBalancer => "internal load balancer",
        Checkpoint.TestInstance => "test instance",
        _ => "frontend",
    };
}
