using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>Carries out what <see cref="GroupDecision"/> comes to for every managed group, and keeps the groups' documents telling the truth.</summary>
internal sealed class GroupLoop(DocumentStore store, HealthStates health, IMemberFactory factory, TimeProvider time, ILogger<GroupLoop> logger)
    : ControlLoop(store, time, logger)
{
    private const string NameCharacters = "0123456789abcdefghijklmnopqrstuvwxyz";

    protected override Task<TimeSpan?> StepAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset? lookAgainAt = null;
        foreach (var group in ComputeSnapshot.Of(Store).Groups)
        {
            if (Settle(group.Name) is { } when && (lookAgainAt is null || when < lookAgainAt))
                lookAgainAt = when;
        }

        return Task.FromResult(lookAgainAt - Time.GetUtcNow() is { } wait ? wait < TimeSpan.Zero ? TimeSpan.Zero : wait : (TimeSpan?)null);
    }

    /// <summary>Acts until nothing is left to do for now: added members are created in the round after they were added.</summary>
    private DateTimeOffset? Settle(ResourceName name)
    {
        while (true)
        {
            var documents = ComputeSnapshot.Of(Store);
            if (documents.Groups.FirstOrDefault(g => g.Name == name) is not { Json: not null } group)
                return null;
            var spec = GroupSpec.Of(group.Json);
            var members = GroupMember.AllOf(group, documents, health);
            var decision = GroupDecision.Decide(spec, members, RunningSince, Time.GetUtcNow());
            Write(group, spec, members);
            if (decision.Added == 0 && decision.Steps.Count == 0)
                return decision.LookAgainAt;
            Add(group.Name, spec, ZoneBalance.Places(spec, members, decision));
            foreach (var step in decision.Steps)
                Carry(group.Name, step);
        }
    }

    private void Add(ResourceName group, GroupSpec spec, IEnumerable<string?> zones)
    {
        foreach (var zone in zones)
            Change(group, FreeName(group, spec, zone), m => m with { Version = spec.Version, Zone = zone }, added: true);
    }

    private void Carry(ResourceName group, MemberStep step)
    {
        var (action, member, version) = step;
        Logger.GroupActs(group.Path, action, member.Name);
        switch (action)
        {
            case MemberAction.Forget:
                Change(group, member.Name, _ => null);
                break;
            case MemberAction.Remove:
                Change(group, member.Name, m => m with { Removing = true });
                DeleteInstance(member.InstanceIn(group));
                break;
            case MemberAction.Recreate:
                Change(group, member.Name, m => m with { Version = version, Renewing = false, Asked = null });
                DeleteInstance(member.InstanceIn(group));
                break;
            case MemberAction.Refresh or MemberAction.Restart:
                Change(group, member.Name, m => m with { Version = version, Asked = null });
                factory.UpdateMember(group, version.Template, version.Name, member.InstanceIn(group), action == MemberAction.Restart);
                break;
            case MemberAction.Create:
                Change(group, member.Name, m => m with { Version = version, Renewing = false, RetryAt = null });
                Create(group, member, version);
                break;
        }
    }

    private void Create(ResourceName group, GroupMember member, GroupVersion version)
    {
        var instance = member.InstanceIn(group);
        try
        {
            factory.InsertMember(group, version.Template, version.Name, instance);
        }
        catch (OperationFailedException e)
        {
            MemberFailures.Record(Store, group, instance, e, Time.GetUtcNow(), Logger);
        }
    }

    private void DeleteInstance(ResourceName instance) => Store.Update(instance, Deletion.Complete);

    /// <summary>Notes which members have come to run, and puts the status of the group into its document and that of the instance group beside it.</summary>
    private void Write(Document group, GroupSpec spec, IReadOnlyList<GroupMember> members)
    {
        foreach (var member in members.Where(m => m.IsRunning && (!m.Made || m.Failures > 0)))
            Change(group.Name, member.Name, m => m with { Made = true, Failures = 0, RetryAt = null });
        Store.Update(group.Name, g => GroupStatus.Write(g, spec, members));
        Store.Update(group.Name with { Collection = "instanceGroups" }, g => g["size"] = members.Count(m => m.Instance is not null));
    }

    private void Change(ResourceName group, string name, Func<GroupMember, GroupMember?> change, bool added = false) => Store.Update(group, g =>
    {
        var all = Local.Get(g, Local.Members) as JsonObject ?? [];
        if (all.Parent is null)
            Local.Set(g, Local.Members, all);
        if (all[name] is not JsonObject json && !added)
            return;
        var changed = change(GroupMember.Read(name, all[name] as JsonObject ?? []));
        if (changed is null)
            all.Remove(name);
        else
            all[name] = changed.ToJson();
    });

    private string FreeName(ResourceName group, GroupSpec spec, string? zone)
    {
        var members = Local.Get(Store.Find(group) ?? [], Local.Members) as JsonObject;
        while (true)
        {
            var free = new GroupMember($"{spec.BaseName}-{RandomNumberGenerator.GetString(NameCharacters, 4)}", spec.Version, Zone: zone);
            if (members?.ContainsKey(free.Name) != true && Store.Find(free.InstanceIn(group)) is null)
                return free.Name;
        }
    }

    private DateTimeOffset? RunningSince(GroupMember member) =>
        member.Instance is { } i && DateTimeOffset.TryParse(Store.Find(i.Name)?.Text("lastStartTimestamp"), out var since) ? since : null;
}
