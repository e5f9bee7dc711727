using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>A test that boots real machines; skipped with the reason where this host cannot make them.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespacesFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> WhyNot = new(() => Task.Run(ProbeAsync).GetAwaiter().GetResult());

    public NamespacesFactAttribute() => Skip = WhyNot.Value;

    private static async Task<string?> ProbeAsync()
    {
        var state = Directory.CreateTempSubdirectory("machines-probe-").FullName;
        await using var host = await MachineHost.OpenAsync(state, MachineMode.Namespaces, TimeProvider.System, CancellationToken.None);
        await host.PurgeAsync(CancellationToken.None);
        Directory.Delete(state, recursive: true);
        return host.Capabilities.WhyNot;
    }
}
