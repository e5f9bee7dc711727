using System.Globalization;
using static PrimeDeploy.DeployBench.ProcessUsage;

namespace PrimeDeploy.DeployBench;

/// <summary>What a deployment that is up uses while nobody asks it anything.</summary>
/// <param name="Usage">Rows of processor time and memory.</param>
/// <param name="Calls">Rows of a Deploy's calls to the cloud.</param>
internal sealed record Figures(IReadOnlyList<IReadOnlyList<string>> Usage, IReadOnlyList<IReadOnlyList<string>> Calls)
{
    public static async Task<Figures> TakeAsync(Checkout checkout, int idleSeconds, Action<string> say, CancellationToken cancellationToken)
    {
        var cloud = await checkout.LocalCloudAsync(cancellationToken);
        var machines = Machine.All(checkout.State);
        say($"Watching the idle local cloud for {idleSeconds} s ...");
        var (server, guests) = (ProcessorSecondsOf(cloud.Pid), machines.Sum(m => m.ProcessorSeconds));
        await Task.Delay(TimeSpan.FromSeconds(idleSeconds), cancellationToken);
        (server, guests) = (ProcessorSecondsOf(cloud.Pid) - server, machines.Sum(m => m.ProcessorSeconds) - guests);

        var memory = MemoryOf(cloud.Pid);
        var backends = machines.Where(m => m.Name.StartsWith("backend", StringComparison.Ordinal)).ToList();
        return new Figures(
            [
                ["Local cloud, idle with the lab up: share of one core", Percent(server), "", "< 3 %"],
                [$"Its {machines.Count} machines together, idle but for health checks: share of one core", Percent(guests), "", "–"],
                ["Local cloud, idle with the lab up: resident memory", Megabytes(memory.Rss), "", "< 200 MB"],
                Row("A backend machine's own data (private pages, written)", m => (m.ProgramMemory + m.OtherMemory).OwnData, "< 40 MB"),
                Row("… and the pages of its own files in memory (its copy of the program; dropped when memory is short)", m => (m.ProgramMemory + m.OtherMemory).OwnFiles, "–"),
                Row("… of both, the program's part", m => m.ProgramMemory.OwnData + m.ProgramMemory.OwnFiles, "–"),
                Row("… of both, the part of init and the service's supervisor", m => m.OtherMemory.OwnData + m.OtherMemory.OwnFiles, "–"),
                Row("A backend machine's proportional set size", m => (m.ProgramMemory + m.OtherMemory).Pss, "–"),
            ],
            [.. ApiCalls.Rows(await CallsOfDeployAsync(checkout, cloud, cancellationToken))]);

        string Percent(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds / idleSeconds:P1}");

        IReadOnlyList<string> Row(string what, Func<Machine, long> kilobytes, string target)
        {
            var all = backends.Select(kilobytes).Order().ToList();
            return [what, Megabytes(all[all.Count / 2]), $"{Megabytes(all[0])} to {Megabytes(all[^1])}", target];
        }
    }

    private static string Megabytes(long kilobytes) => string.Create(CultureInfo.InvariantCulture, $"{kilobytes / 1024.0:F1} MB");

    private static async Task<IReadOnlyList<Call>> CallsOfDeployAsync(Checkout checkout, LocalCloud cloud, CancellationToken cancellationToken)
    {
        await using var proxy = await CountingProxy.StartAsync(cloud.Endpoint, cancellationToken);
        await checkout.RedirectAsync(cloud with { Endpoint = proxy.Endpoint }, cancellationToken);
        try
        {
            await checkout.DeployAsync(cancellationToken);
        }
        finally
        {
            await checkout.RedirectAsync(cloud, CancellationToken.None);
        }
        return [.. proxy.Calls.Where(call => !call.Path.StartsWith("/localcloud/", StringComparison.Ordinal))];
    }
}
