namespace PrimeDeploy.Deployer;

/// <summary>
/// The checkpoints in between: a machine inside the network asks the load balancer, and nobody from outside can ask that machine. It is
/// made for that and deleted afterwards, whatever happens.
/// </summary>
internal sealed class TestInstanceChecks(
    PrimeServiceParts parts, Observed seen, Evidence evidence, CloudApi api, Outside outside, int size, TimeSpan patience)
{
    /// <summary>
    /// A packet that the firewall drops is never answered; one that it lets through is answered within a fraction of this from anywhere.
    /// </summary>
    private static readonly TimeSpan NoAnswer = TimeSpan.FromSeconds(1);

    /// <summary>After a cancellation the deletion is sent, but hardly waited for.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly Instance _instance = parts.TestInstance;

    /// <param name="report">Told of each check before the machine is deleted, which takes a while on Google Cloud.</param>
    /// <param name="cancellationToken">Ends it; the deletion is sent all the same.</param>
    public async Task<IReadOnlyList<Check>> RunAsync(Func<Check, Check> report, CancellationToken cancellationToken)
    {
        await RemoveLeftoverAsync(cancellationToken);
        try
        {
            var made = await _instance.CreateAsync(api, seen, _instance.Assess(null, seen), cancellationToken);
            return [.. (await FollowAsync(_instance.UriOf(made), cancellationToken)).Select(report)];
        }
        finally
        {
            using var limit = new CancellationTokenSource(LastWords, api.Time);
            var until = cancellationToken.IsCancellationRequested ? limit.Token : cancellationToken;
            await _instance.KindInfo.DeleteAsync(api, _instance.Name, until);
        }
    }

    /// <summary>A run that was killed could not delete its own. Someone else's is left alone.</summary>
    private async Task RemoveLeftoverAsync(CancellationToken cancellationToken)
    {
        if (await _instance.FindAsync(api, seen, cancellationToken) is not { } there) return;
        if (_instance.Assess(there, seen).Conflict is { } conflict) throw new DeploymentRefusedException([$"{_instance} {conflict}"]);
        await _instance.KindInfo.DeleteAsync(api, _instance.Name, cancellationToken);
    }

    private async Task<IReadOnlyList<Check>> FollowAsync(Uri? external, CancellationToken cancellationToken)
    {
        var output = new ProbeOutput();
        var serial = new SerialPort(api, _instance.Name);
        var poll = new Poll(api.Time, patience);
        Task<Check>? unreachable = null;
        while (!output.IsDone && !poll.IsOver)
        {
            output.Add(await serial.ReadNewAsync(cancellationToken));
            // Only now does it prove anything: before, nobody listens on the port anyway.
            if (output.IsListening) unreachable ??= UnreachableAsync(external, cancellationToken);
            if (!output.IsDone) await poll.NextAsync(cancellationToken);
        }

        Check[] checks =
        [
            EveryBackend(output),
            .. parts.Questions.Select(number => Answer(output, number)),
            unreachable is not null ? await unreachable : Unreached("not asked: its own server did not start", CheckResult.Failed, external),
        ];

        // One machine, one log: it is told once.
        if (Array.FindIndex(checks, check => check is { Result: CheckResult.Failed, Evidence: null }) is var failed and >= 0)
            checks[failed] = checks[failed] with { Evidence = await evidence.OfInsideAsync(cancellationToken) };
        return checks;
    }

    private Check EveryBackend(ProbeOutput output)
    {
        var names = output.Backends.Order(StringComparer.Ordinal);
        var right = output.Backends.Count == size;
        var answer = $"{output.Backends.Count} answered: {string.Join(", ", names)}{(right ? "" : Because(output))}";
        return new(Checkpoint.InternalLoadBalancer, $"GET http://{Address}/{parts.Questions[0]}, again and again", _instance.Name,
            $"every one of {size} backends answers", answer, Passed(right));
    }

    private Check Answer(ProbeOutput output, int number)
    {
        var expected = SmallPrimes.IsPrime(number) ? "True" : "False";
        var answer = output.Answers.FirstOrDefault(answer => answer.Asked == $"/{number}");
        var came = answer is null ? $"nothing{Because(output)}" : $"{answer.Answer} from {answer.ServedBy}";
        return new(Checkpoint.TestInstance, $"GET http://{Address}/{number}", _instance.Name, expected, came, Passed(answer?.Answer == expected));
    }

    private async Task<Check> UnreachableAsync(Uri? external, CancellationToken cancellationToken)
    {
        if (external is null) return Unreached("not asked: it has no external address", CheckResult.Failed, external);
        var answer = await outside.AskAsync(new Uri(external, "/2"), NoAnswer, api.Time, cancellationToken);
        return answer is { Status: var status }
            ? Unreached($"HTTP {(int)status}: the firewall lets everyone in", CheckResult.Failed, external)
                with { Evidence = await evidence.OfOpenAsync(cancellationToken) }
            : Unreached("no answer", CheckResult.Passed, external);
    }

    private Check Unreached(string answer, CheckResult result, Uri? external)
    {
        var asked = external is null ? $"{_instance.Name} port 80" : $"GET {new Uri(external, "/2")}";
        return new(Checkpoint.TestInstance, asked, "outside", "no answer: no firewall rule lets it in", answer, result);
    }

    private static CheckResult Passed(bool right) => right ? CheckResult.Passed : CheckResult.Failed;

    private string? Address => seen.Of(parts.Address)?.Address_;

    private static string Because(ProbeOutput output) =>
        output.Why is { } why ? $" ({why})" : output.IsDone ? "" : " (it did not come to an end in time)";
}
