using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>An instance document as the control loops read it.</summary>
/// <param name="Status">PROVISIONING, STAGING, RUNNING, STOPPING or TERMINATED.</param>
/// <param name="MachineId">Null until the instance loop has seen the document for the first time.</param>
/// <param name="Address">Its internal address; null for a document that has none, which cannot boot.</param>
/// <param name="ExternalAddress">The natIP of its first access config; null when it has no external address.</param>
/// <param name="Group">Path of its managed group, or null.</param>
/// <param name="Deleting">Its deletion was accepted: it goes down, and nothing new may use it.</param>
/// <param name="Gone">Its deletion is due: nothing keeps the document any more.</param>
/// <param name="AutomaticRestart">Boot again when the machine dies without being asked to.</param>
internal sealed record InstanceView(
    ResourceName Name, string Status, string? MachineId, IPAddress? Address, ResourceName? Network, ResourceName? Subnetwork,
    IPAddress? ExternalAddress, IReadOnlyList<string> Tags, IReadOnlyList<string> ServiceAccounts, string? MachineType,
    string? Group, bool Deleting, bool Gone, bool Reset, bool Booted, bool AutomaticRestart)
{
    /// <summary>Paths of the unmanaged instance groups that it is in.</summary>
    public IReadOnlyList<string> InstanceGroups { get; init; } = [];

    /// <summary>It has, or is about to have, a port on its network.</summary>
    public bool IsOnNetwork => MachineId is not null && Address is not null && Status != InstanceStatus.Terminated;

    /// <summary>It may be given new connections.</summary>
    public bool IsServing => IsOnNetwork && Status == InstanceStatus.Running && !Deleting;

    public static InstanceView Of(ResourceName name, JsonObject json)
    {
        var nic = json.Objects("networkInterfaces").FirstOrDefault() ?? [];
        var access = nic.Objects("accessConfigs").FirstOrDefault() ?? [];
        return new(
            name,
            json.Text("status") ?? InstanceStatus.Provisioning,
            Local.GetString(json, Local.Machine),
            Address(nic, "networkIP"),
            ResourceName.FromLink(nic.Text("network")),
            ResourceName.FromLink(nic.Text("subnetwork")),
            Address(access, "natIP"),
            [.. json.Object("tags")?.Texts("items") ?? []],
            [.. json.Objects("serviceAccounts").Select(a => a.Text("email")).OfType<string>()],
            json.Text("machineType"),
            Local.GetString(json, Local.Group),
            Local.GetFlag(json, Local.Deleting),
            Local.GetFlag(json, Local.Gone),
            Local.GetFlag(json, Local.Reset),
            Local.GetFlag(json, Local.Booted),
            json.Object("scheduling")?.Flag("automaticRestart") ?? true)
        {
            InstanceGroups = [.. Local.Texts(json, Local.InstanceGroups)],
        };

        static IPAddress? Address(JsonObject owner, string member) => IPAddress.TryParse(owner.Text(member), out var address) ? address : null;
    }
}

internal static class InstanceStatus
{
    public const string Provisioning = "PROVISIONING";
    public const string Staging = "STAGING";
    public const string Running = "RUNNING";
    public const string Stopping = "STOPPING";
    public const string Terminated = "TERMINATED";
}
