namespace PrimeDeploy.LocalCloud.Control.Groups;

internal enum MemberAction
{
    /// <summary>Insert the member's instance.</summary>
    Create,

    /// <summary>Delete the instance; the member stays and gets a new one under the same name.</summary>
    Recreate,

    /// <summary>Give the running instance what it can take over of the version.</summary>
    Refresh,

    /// <summary>The same, and reset it.</summary>
    Restart,

    /// <summary>Delete the member with its instance.</summary>
    Remove,

    /// <summary>Its instance is gone: take it off the list.</summary>
    Forget,
}

/// <param name="Version">What the instance is to be made from next.</param>
internal readonly record struct MemberStep(MemberAction Action, GroupMember Member, GroupVersion Version);

/// <param name="Added">How many new members to add; they are created in the following round.</param>
/// <param name="LookAgainAt">When time alone will change the decision; null when only events can.</param>
internal sealed record GroupDecision(int Added, IReadOnlyList<MemberStep> Steps, DateTimeOffset? LookAgainAt)
{
    /// <summary>
    /// What a managed instance group does next about its members: heal, roll an update out, grow and shrink. A pure function, asked again after
    /// everything that happens. Semantics: https://cloud.google.com/compute/docs/instance-groups/updating-migs.
    /// </summary>
    public static GroupDecision Decide(GroupSpec spec, IReadOnlyList<GroupMember> members, Func<GroupMember, DateTimeOffset?> runningSince, DateTimeOffset now)
    {
        var steps = new List<MemberStep>();
        DateTimeOffset? lookAgainAt = null;
        var wanted = new List<GroupMember>();

        foreach (var member in members)
        {
            if (spec.Deleting || member.Removing)
                Leave(member);
            else
                wanted.Add(member);
        }

        if (spec.Deleting)
            return new(0, steps, null);

        var renewed = new HashSet<GroupMember>();
        var added = Resize(spec, wanted, Drop, Update);
        foreach (var member in wanted.Where(m => !renewed.Contains(m)))
            Heal(member);
        return new(added, steps, lookAgainAt);

        void Leave(GroupMember member)
        {
            if (member.Instance is null)
                steps.Add(new(MemberAction.Forget, member, member.Version));
            else if (!member.Instance.Deleting || !member.Removing)
                steps.Add(new(MemberAction.Remove, member, member.Version));
        }

        void Drop(GroupMember member)
        {
            wanted.Remove(member);
            steps.Add(new(member.Instance is null ? MemberAction.Forget : MemberAction.Remove, member, member.Version));
        }

        void Update(GroupMember member, MemberAction action)
        {
            renewed.Add(member);
            steps.Add(new(action, member, spec.Version));
        }

        void Heal(GroupMember member)
        {
            var version = spec.Proactive || spec.UpdateOnRepair || member.Renewing ? spec.Version : member.Version;
            if (member is { Asked: { } asked, IsRunning: true })
            {
                steps.Add(new(asked == UpdateAction.Restart ? MemberAction.Restart : MemberAction.Refresh, member, spec.Version));
            }
            else if (member.Instance is null)
            {
                if (member.RetryAt is { } retryAt && retryAt > now)
                    Later(retryAt);
                else
                    steps.Add(new(MemberAction.Create, member, version));
            }
            else if (!member.Instance.Deleting && (member.Renewing || member.Instance.Status == Instances.InstanceStatus.Terminated || IsSick(member)))
            {
                steps.Add(new(MemberAction.Recreate, member, version));
            }
        }

        bool IsSick(GroupMember member)
        {
            if (spec.Healing is null || !member.IsRunning || member.Health is not { Healthy: false, Failures: > 0, Verdict: not "UNKNOWN" })
                return false;
            var graceEnds = runningSince(member) + spec.Healing.InitialDelay ?? now;
            if (graceEnds <= now)
                return true;
            Later(graceEnds);
            return false;
        }

        void Later(DateTimeOffset when) => lookAgainAt = lookAgainAt is { } earlier && earlier < when ? earlier : when;
    }

    /// <summary>Replaces members of another version as far as surge and unavailability allow, and brings their number to the target.</summary>
    /// <returns>How many members to add.</returns>
    private static int Resize(GroupSpec spec, List<GroupMember> wanted, Action<GroupMember> drop, Action<GroupMember, MemberAction> update)
    {
        var outdated = spec.Proactive ? wanted.FindAll(m => m.Version != spec.Version && m.UpdateOf(spec) <= spec.MostDisruptive) : [];
        UpdateInPlace(spec, [.. outdated.Where(m => m.UpdateOf(spec) < UpdateAction.Replace && m.IsRunning)], wanted, update);

        var replaced = outdated.FindAll(m => m.UpdateOf(spec) == UpdateAction.Replace);
        replaced.AddRange(ZoneBalance.Misplaced(spec, wanted.FindAll(m => !replaced.Contains(m))));
        var available = wanted.Count(m => m.IsAvailable(spec));
        var ceiling = spec.TargetSize + (replaced.Count > 0 && !spec.KeepNames ? spec.MaxSurge : 0);

        foreach (var member in replaced.OrderBy(m => m.IsAvailable(spec)))
        {
            if (member.IsAvailable(spec) && available-- <= spec.TargetSize - spec.MaxUnavailable)
                break;
            if (!spec.KeepNames)
                drop(member);
            else if (member.Instance is not null) // One that has none is made from the current version anyway.
                update(member, MemberAction.Recreate);
        }

        while (wanted.Count > ceiling)
        {
            var crowds = wanted.CountBy(m => m.Zone ?? "").ToDictionary();
            drop(wanted.OrderBy(m => m.IsAvailable(spec)).ThenBy(m => m.IsRunning).ThenBy(m => m.Version == spec.Version).ThenByDescending(m => crowds[m.Zone ?? ""]).First());
        }

        var staying = wanted.Count(m => !replaced.Contains(m));
        return replaced.Count > 0 && !spec.KeepNames
            ? Math.Max(0, Math.Min(ceiling - wanted.Count, spec.TargetSize - staying))
            : Math.Max(0, spec.TargetSize - wanted.Count);
    }

    /// <summary>Nobody notices a refresh; a restart has to keep to maxUnavailable, but one at a time there must be, or it would never end.</summary>
    private static void UpdateInPlace(GroupSpec spec, List<GroupMember> outdated, List<GroupMember> wanted, Action<GroupMember, MemberAction> update)
    {
        var mayRestart = Math.Max(1, spec.MaxUnavailable) - wanted.Count(m => !m.IsAvailable(spec));
        foreach (var member in outdated)
        {
            if (member.UpdateOf(spec) < UpdateAction.Restart)
                update(member, MemberAction.Refresh);
            else if (!member.IsAvailable(spec) || mayRestart-- > 0)
                update(member, MemberAction.Restart);
        }
    }
}
