using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>What machines this host can make, found out once.</summary>
internal static class HostMachines
{
    private static readonly Lazy<Answer> Light = new(() => Probe(MachineInit.Light));
    private static readonly Lazy<Answer> Systemd = new(() => Probe(MachineInit.Systemd));

    /// <returns>Null, or in words why machines cannot boot with it.</returns>
    public static string? WhyNot(MachineInit init) => Of(init).WhyNot;

    /// <returns>Null, or in words why machines cannot boot with it or have no limits.</returns>
    public static string? WhyNotLimited(MachineInit init) => Of(init) is { WhyNot: null, Unlimited: { Count: > 0 } missing } ? string.Join(' ', missing) : WhyNot(init);

    /// <summary>The control groups of a state directory.</summary>
    public static IEnumerable<string> ControlGroups(string prefix) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", prefix + "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true });

    private static Answer Of(MachineInit init) => (init == MachineInit.Systemd ? Systemd : Light).Value;

    private static Answer Probe(MachineInit init) => Task.Run(() => ProbeAsync(init)).GetAwaiter().GetResult();

    private static async Task<Answer> ProbeAsync(MachineInit init)
    {
        var state = Directory.CreateTempSubdirectory("machines-probe-").FullName;
        try
        {
            await using var host = await MachineHost.OpenAsync(state, MachineMode.Namespaces, init, TimeProvider.System, CancellationToken.None);
            await host.PurgeAsync(CancellationToken.None);
            return new(host.Capabilities.WhyNot, host.Capabilities.Unlimited);
        }
        catch (MachineHostException refused)
        {
            return new(refused.Message, []);
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private sealed record Answer(string? WhyNot, IReadOnlyList<string> Unlimited);
}
