namespace PrimeDeploy.Deployer;

/// <summary>
/// The checkpoints in between: a machine inside the network asks the load balancer, and nobody from outside can ask that machine. It is
/// made for that and deleted afterwards.
/// </summary>
internal sealed class TestInstanceChecks(
    TestMachine machine, PrimeServiceParts parts, Observed seen, Evidence evidence, CloudApi api, Outside outside, int size, TimeSpan patience)
{
    /// <summary>
    /// A packet that the firewall drops is never answered; one that it lets through is answered within a fraction of this from anywhere.
    /// </summary>
    private static readonly TimeSpan NoAnswer = TimeSpan.FromSeconds(1);

    /// <summary>Begins to delete the machine as soon as it has said all, and does not wait for that.</summary>
    public async Task<IReadOnlyList<Check>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var external = await machine.MakeAsync(cancellationToken);
            return await FollowAsync(external, cancellationToken);
        }
        finally
        {
            _ = machine.DeleteAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Check>> FollowAsync(Uri? external, CancellationToken cancellationToken)
    {
        var output = new ProbeOutput();
        var serial = new SerialPort(api, machine.Name);
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
        return new(Checkpoint.InternalLoadBalancer, $"GET http://{Address}/{parts.Questions[0]}, again and again", machine.Name,
            $"every one of {size} backends answers", answer, Passed(right));
    }

    private Check Answer(ProbeOutput output, int number)
    {
        var expected = SmallPrimes.IsPrime(number) ? "True" : "False";
        var answer = output.Answers.FirstOrDefault(answer => answer.Asked == $"/{number}");
        var came = answer is null ? $"nothing{Because(output)}" : $"{answer.Answer} from {answer.ServedBy}";
        return new(Checkpoint.TestInstance, $"GET http://{Address}/{number}", machine.Name, expected, came, Passed(answer?.Answer == expected));
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
        var asked = external is null ? $"{machine.Name} port 80" : $"GET {new Uri(external, "/2")}";
        return new(Checkpoint.TestInstance, asked, "outside", "no answer: no firewall rule lets it in", answer, result);
    }

    private static CheckResult Passed(bool right) => right ? CheckResult.Passed : CheckResult.Failed;

    private string? Address => seen.Of(parts.Address)?.Address_;

    private static string Because(ProbeOutput output) =>
        output.Why is { } why ? $" ({why})" : output.IsDone ? "" : " (it did not come to an end in time)";
}
