using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Proxies;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>Makes the kernel's networks agree with the documents and with the health of the backends, within milliseconds of a change.</summary>
internal sealed class NetworkLoop(
    DocumentStore store, HealthStates health, IMachineHost host, IGuestServices guests, TimeProvider time, ILogger<NetworkLoop> logger)
    : ControlLoop(store, time, logger)
{
    private readonly Dictionary<ResourceName, string> _applied = [];
    private readonly ProxyServers _proxies = new(host);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _proxies.DisposeAsync();
    }

    protected override async Task<TimeSpan?> StepAsync(CancellationToken cancellationToken)
    {
        var drained = BackendRecord.Update(Store, Time.GetUtcNow());
        var documents = ComputeSnapshot.Of(Store);
        string? refused = null;
        foreach (var network in documents.Networks)
            refused = await ApplyAsync(network.Name, documents, cancellationToken) ?? await ProxyAsync(network.Name, documents, cancellationToken) ?? refused;
        foreach (var gone in _applied.Keys.Except(documents.Networks.Select(n => n.Name)).ToList())
            await RemoveAsync(gone, cancellationToken);

        if (refused is not null)
            throw new OperationFailedException("INTERNAL_ERROR", 500, refused);
        return drained is null ? null : TimeSpan.FromTicks(Math.Max(0, (drained.Value - Time.GetUtcNow()).Ticks));
    }

    /// <returns>Why the kernel refused, or null.</returns>
    private async Task<string?> ApplyAsync(ResourceName network, ComputeSnapshot documents, CancellationToken cancellationToken)
    {
        var plan = NetworkPlanner.Plan(network, documents, health);
        var text = NetworkPlanText.Of(plan);
        var isNew = !_applied.TryGetValue(network, out var before);
        if (text == before || (isNew && plan.Ports.Count == 0)) // A network that no machine is on needs no kernel.
            return null;
        try
        {
            await host.ApplyNetworkAsync(plan, cancellationToken);
            if (isNew && host.Capabilities.Kind == MachineKind.Namespaces)
                await guests.AttachAsync(network, plan.Id, cancellationToken);
        }
        catch (Exception e) when (e is MachineHostException or IOException or SocketException)
        {
            Logger.NetworkRefused(network.Path, e.Message);
            return $"The network '{network.Path}' could not be set up on this host: {e.Message}";
        }

        _applied[network] = text;
        return null;
    }

    /// <summary>Proxies need a network that is there, and machines that are real.</summary>
    private async Task<string?> ProxyAsync(ResourceName network, ComputeSnapshot documents, CancellationToken cancellationToken)
    {
        if (host.Capabilities.Kind != MachineKind.Namespaces || !_applied.ContainsKey(network))
            return null;
        try
        {
            await _proxies.ApplyAsync(NetworkIds.Of(network), ProxyPlan.AllOf(network, documents, health), cancellationToken);
            return null;
        }
        catch (Exception e) when (e is MachineHostException or IOException or SocketException)
        {
            Logger.NetworkRefused(network.Path, e.Message);
            return $"The proxies of network '{network.Path}' could not be started: {e.Message}";
        }
    }

    private async Task RemoveAsync(ResourceName network, CancellationToken cancellationToken)
    {
        var id = NetworkIds.Of(network);
        await _proxies.ApplyAsync(id, [], cancellationToken);
        await guests.DetachAsync(id);
        await host.RemoveNetworkAsync(id, cancellationToken);
        _applied.Remove(network);
    }
}
