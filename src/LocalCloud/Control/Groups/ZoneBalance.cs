namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>How a regional group keeps its zones even: their numbers of machines differ by one at most (https://cloud.google.com/compute/docs/instance-groups/regional-migs).</summary>
internal static class ZoneBalance
{
    /// <summary>The members that stand in a zone which has more than its share, while others have less; empty unless the group moves its instances.</summary>
    public static IReadOnlyList<GroupMember> Misplaced(GroupSpec spec, IReadOnlyList<GroupMember> members)
    {
        if (!spec.Redistributes || spec.Zones.Count == 0)
            return [];
        var (share, oneMore) = Math.DivRem(Math.Max(spec.TargetSize, 0), spec.Zones.Count);
        var misplaced = new List<GroupMember>();
        foreach (var zone in spec.Zones.Select(z => members.Where(m => m.Zone == z).ToList()).OrderByDescending(m => m.Count))
        {
            var most = share + (oneMore-- > 0 ? 1 : 0);
            misplaced.AddRange(zone.OrderBy(m => m.IsAvailable(spec)).Take(zone.Count - most));
        }
        return misplaced;
    }

    /// <summary>The zone that has the fewest of the members; null for a zonal group.</summary>
    public static string? PlaceOf(GroupSpec spec, IEnumerable<GroupMember> members)
    {
        var counts = members.CountBy(m => m.Zone ?? "").ToDictionary();
        return spec.Zones.MinBy(z => counts.GetValueOrDefault(z));
    }

    /// <summary>The zones of new members, each where the fewest are that stay; nulls for a zonal group.</summary>
    public static IEnumerable<string?> Places(GroupSpec spec, IReadOnlyList<GroupMember> members, GroupDecision decision)
    {
        if (spec.Zones.Count == 0)
            return Enumerable.Repeat<string?>(null, decision.Added);
        var leaving = decision.Steps.Where(s => s.Action is MemberAction.Remove or MemberAction.Forget).Select(s => s.Member).ToHashSet();
        var staying = members.Where(m => !m.Removing && !leaving.Contains(m) && (m.Version == spec.Version || !spec.Proactive)).CountBy(m => m.Zone ?? "").ToDictionary();
        var places = new List<string?>();
        for (var i = 0; i < decision.Added; i++)
        {
            var zone = spec.Zones.MinBy(z => staying.GetValueOrDefault(z))!;
            staying[zone] = staying.GetValueOrDefault(zone) + 1;
            places.Add(zone);
        }
        return places;
    }
}
