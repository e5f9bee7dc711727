using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>A managed instance: a place in the group that has a name, whether or not there is an instance in it at the moment.</summary>
/// <param name="Version">What its instance was made from, or is to be made from.</param>
/// <param name="Made">Its instance has been RUNNING; from then on, making it anew is called recreating.</param>
/// <param name="Removing">It is to go, together with its instance.</param>
/// <param name="Renewing">Its instance is to be made anew, whatever state it is in.</param>
/// <param name="Failures">Attempts in a row that did not come to RUNNING.</param>
/// <param name="RetryAt">No other attempt before; null when there was no failure.</param>
/// <param name="Needs">What its instance needs to become one of the group's version.</param>
/// <param name="Instance">Null when there is none.</param>
/// <param name="Asked">What somebody has asked to be done to its instance, to give it the group's version; null for nothing.</param>
/// <param name="Zone">In which of its zones a regional group has it; null in a zonal group.</param>
/// <param name="Health">What the group's own health check says; null without one, or before the first probe.</param>
internal sealed record GroupMember(
    string Name, GroupVersion Version, bool Made = false, bool Removing = false, bool Renewing = false, int Failures = 0,
    DateTimeOffset? RetryAt = null, InstanceView? Instance = null, HealthState? Health = null, UpdateAction Needs = UpdateAction.Replace,
    string? Zone = null, UpdateAction? Asked = null)
{
    /// <summary>The name of its instance.</summary>
    public ResourceName InstanceIn(ResourceName group) =>
        group with { Scope = Zone is null ? group.Scope : $"zones/{Zone}", Collection = "instances", Id = Name };

    public bool IsRunning => Instance is { Status: InstanceStatus.Running, Deleting: false, Reset: false };

    /// <summary>Counts for maxUnavailable: RUNNING and, if the group has a health check, healthy.</summary>
    public bool IsAvailable(GroupSpec spec) => IsRunning && (spec.Healing is null || Health is { Healthy: true });

    /// <summary>What the group is doing with it, in the words of <c>managedInstances[].currentAction</c>.</summary>
    public string CurrentAction(GroupSpec spec) =>
        Removing || spec.Deleting ? "DELETING"
        : Renewing ? "RECREATING"
        : Instance is { Reset: true, Deleting: false } ? "RESTARTING"
        : IsRunning ? IsAvailable(spec) ? "NONE" : "VERIFYING"
        : Made ? "RECREATING" : "CREATING";

    /// <summary>What an update of this group does to it.</summary>
    public UpdateAction UpdateOf(GroupSpec spec) => Needs > spec.MinimalAction ? Needs : spec.MinimalAction;

    /// <summary>The members that the group's document knows, with their instances as they are now.</summary>
    public static IReadOnlyList<GroupMember> AllOf(Document group, ComputeSnapshot documents, HealthStates health)
    {
        var instances = documents.MembersOf(group.Name).ToDictionary(i => i.Name.Id, StringComparer.Ordinal);
        var members = Local.Get(group.Json, Local.Members) as JsonObject ?? [];
        var wanted = PropertiesOf(GroupSpec.Of(group.Json).Version);
        return [.. members.Select(m => Observe(Read(m.Key, (JsonObject)m.Value!)))];

        GroupMember Observe(GroupMember member)
        {
            var instance = instances.GetValueOrDefault(member.Name);
            return member with
            {
                Needs = UpdateActions.Between(PropertiesOf(member.Version), wanted), Instance = instance, Health = instance?.MachineId is { } machine ? health.Find(group.Name, machine) : null,
            };
        }

        JsonObject? PropertiesOf(GroupVersion version) =>
            documents.Templates.FirstOrDefault(t => t.Name == ResourceName.FromLink(version.Template)).Json?.Object("properties");
    }

    /// <summary>What the group's document knows of a member, without its instance.</summary>
    public static GroupMember Read(string name, JsonObject json) => new(
        name,
        new(json.Text("template") ?? "", json.Text("versionName")),
        json.Flag("made") ?? false,
        json.Flag("removing") ?? false,
        json.Flag("renewing") ?? false,
        (int)(json.Integer("failures") ?? 0),
        DateTimeOffset.TryParse(json.Text("retryAt"), out var retryAt) ? retryAt : null,
        Zone: json.Text("zone"),
        Asked: UpdateActions.Read(json.Text("asked")));

    /// <summary>What of it the group's document keeps.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["template"] = Version.Template };
        if (Version.Name is not null)
            json["versionName"] = Version.Name;
        if (Zone is not null)
            json["zone"] = Zone;
        if (Made)
            json["made"] = true;
        if (Removing)
            json["removing"] = true;
        if (Renewing)
            json["renewing"] = true;
        if (Asked is { } asked)
            json["asked"] = asked.ToString();
        if (Failures > 0)
            json["failures"] = Failures;
        if (RetryAt is { } retryAt)
            json["retryAt"] = retryAt.ToString("O");
        return json;
    }
}
