using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Control.Proxies;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>
/// How long a machine that is deleted is left to the connections that it has: it gets no new ones from then on, and is powered off when the time
/// is over. https://cloud.google.com/load-balancing/docs/enabling-connection-draining
/// </summary>
internal static class ConnectionDraining
{
    /// <summary>The longest draining timeout of the backend services that send the machine connections; zero when there is none.</summary>
    public static TimeSpan TimeOf(InstanceView instance, ComputeSnapshot documents) =>
        instance is not { Group: not null, Booted: true }
            ? TimeSpan.Zero
            : Frontend.All(documents).Where(rule => rule.Members(documents).Any(member => member.Name == instance.Name)).Select(rule => rule.DrainingTimeout)
                .Concat(ManagedService.AllReached(documents).Where(service => service.Backends(documents).Any(backend => backend.Instance.Name == instance.Name)).Select(service => service.DrainingTimeout))
                .DefaultIfEmpty(TimeSpan.Zero).Max();
}
