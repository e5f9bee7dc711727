using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>One host for all tests of an init, with a machine that the harmless attempts share.</summary>
[CollectionDefinition(nameof(HostileLabs))]
public sealed class HostileLabs : IAsyncLifetime, ICollectionFixture<HostileLabs>
{
    private readonly Dictionary<MachineInit, (MachineLab Machines, IMachine Hostile)> _labs = [];

    internal async Task<(MachineLab Machines, IMachine Hostile)> OfAsync(MachineInit init)
    {
        if (_labs.TryGetValue(init, out var lab))
            return lab;
        var machines = await MachineLab.OpenAsync(init);
        _labs[init] = lab = (machines, await machines.BootAsync(30));
        await machines.WaitForSerialAsync(lab.Hostile, "No startup scripts to run.");
        return lab;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var lab in _labs.Values)
            await lab.Machines.DisposeAsync();
    }
}
