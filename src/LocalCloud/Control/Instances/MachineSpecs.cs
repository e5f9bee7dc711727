using System.Net;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Control.Networks;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>What machine an instance document asks for.</summary>
internal sealed class MachineSpecs(DocumentStore store, IGuestServices guests)
{
    /// <exception cref="OperationFailedException">The document names no network, subnetwork or address that a machine could be booted with.</exception>
    public MachineSpec Of(InstanceView instance)
    {
        if (instance is not { MachineId: { } id, Network: { } network, Address: { } address, Subnetwork: { } subnetwork }
            || !IPAddress.TryParse(store.Find(subnetwork)?.Text("gatewayAddress"), out var gateway))
        {
            throw new OperationFailedException("RESOURCE_NOT_READY", 400, $"The instance '{instance.Name.Path}' has no network interface with an address in a subnetwork that exists.");
        }

        // A machine of a shared-core type may burst to all the processors that it sees, as the real ones do.
        var type = MachineTypes.Find(ResourceLink.LastSegment(instance.MachineType ?? ""));

        // https://cloud.google.com/compute/docs/internal-dns: zonal names.
        return new(
            id, instance.Name.Id, $"{instance.Name.Zone}.c.{instance.Name.Project}.internal", NetworkIds.Of(network), address, gateway,
            guests.CertificateAuthority, type?.MemoryBytes, type?.GuestCpus);
    }
}
