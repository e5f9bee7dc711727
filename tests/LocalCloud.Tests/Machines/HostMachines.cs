using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>What machines this host can make, found out once.</summary>
internal static class HostMachines
{
    private static readonly Lazy<string?> WhyNotLight = new(() => Probe(MachineInit.Light));
    private static readonly Lazy<string?> WhyNotSystemd = new(() => Probe(MachineInit.Systemd));

    /// <returns>Null, or in words why machines cannot boot with it.</returns>
    public static string? WhyNot(MachineInit init) => (init == MachineInit.Systemd ? WhyNotSystemd : WhyNotLight).Value;

    /// <summary>The control groups of a state directory.</summary>
    public static IEnumerable<string> ControlGroups(string prefix) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", prefix + "*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 4, IgnoreInaccessible = true });

    private static string? Probe(MachineInit init) => Task.Run(() => ProbeAsync(init)).GetAwaiter().GetResult();

    private static async Task<string?> ProbeAsync(MachineInit init)
    {
        var state = Directory.CreateTempSubdirectory("machines-probe-").FullName;
        try
        {
            await using var host = await MachineHost.OpenAsync(state, MachineMode.Namespaces, init, TimeProvider.System, CancellationToken.None);
            await host.PurgeAsync(CancellationToken.None);
            return host.Capabilities.WhyNot;
        }
        catch (MachineHostException refused)
        {
            return refused.Message;
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }
}
