using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Over which zones a regional managed group spreads its instances (https://cloud.google.com/compute/docs/instance-groups/regional-mig-distribution-shape).</summary>
internal static class Distribution
{
    /// <summary>As many zones as the real service takes when none are named.</summary>
    private const int DefaultZones = 3;

    /// <summary>Links of the zones of a regional group; empty for a zonal one.</summary>
    public static IReadOnlyList<string> ZonesOf(JsonObject group) =>
        [.. (group.Object("distributionPolicy")?.Objects("zones") ?? []).Select(z => z.Text("zone")).OfType<string>()];

    public static void Complete(Draft draft)
    {
        if (draft.Name.Zone is not null)
        {
            if (draft.Json["distributionPolicy"] is { } misplaced)
                draft.Problems.Invalid("resource.distributionPolicy", misplaced.ToJsonString(), "Only a regional group spreads over zones.");
            return;
        }
        var policy = draft.Json.Ensure("distributionPolicy");
        policy.Default("targetShape", "EVEN");
        if (policy.Text("targetShape") is not ("EVEN" or "BALANCED" or "ANY"))
            draft.Problems.Invalid("resource.distributionPolicy.targetShape", policy["targetShape"]?.ToString(), "The local cloud, where every zone has room, spreads evenly: EVEN, BALANCED or ANY.");
        if (policy["zones"] is not JsonArray { Count: > 0 })
            policy["zones"] = new JsonArray([.. Geography.FindRegion(draft.Name.Region!)!.ZoneNames.TakeLast(DefaultZones).Select(z => new JsonObject { ["zone"] = z })]);
        Zones(draft, policy);
        if (draft.Before is { } before && ZonesOf(before) is { Count: > 0 } had && !had.SequenceEqual(ZonesOf(draft.Json), StringComparer.Ordinal))
            draft.Problems.Invalid("resource.distributionPolicy.zones", policy["zones"]!.ToJsonString(), "The zones of a group cannot be changed; make another group.");
    }

    /// <summary>A regional group moves instances to keep its zones even, unless told not to.</summary>
    public static void DefaultPolicy(Draft draft, JsonObject updatePolicy)
    {
        if (draft.Name.Zone is null)
            updatePolicy.Default("instanceRedistributionType", draft.Json.Object("distributionPolicy")?.Text("targetShape") == "EVEN" ? "PROACTIVE" : "NONE");
    }

    /// <summary>What an update of a regional group may do has to be possible in each of its zones.</summary>
    public static void CheckPolicy(Draft draft, JsonObject updatePolicy)
    {
        if (draft.Name.Zone is not null)
            return;
        if (updatePolicy.Text("instanceRedistributionType") is not ("PROACTIVE" or "NONE"))
            draft.Problems.Invalid("resource.updatePolicy.instanceRedistributionType", updatePolicy["instanceRedistributionType"]?.ToString(), "Must be one of PROACTIVE, NONE.");
        else if (updatePolicy.Text("instanceRedistributionType") == "PROACTIVE" && draft.Json.Object("distributionPolicy")?.Text("targetShape") is { } shape and not "EVEN")
            draft.Problems.Invalid("resource.updatePolicy.instanceRedistributionType", "PROACTIVE", $"Must be NONE for the target shape {shape}.");
        var zones = ZonesOf(draft.Json).Count;
        foreach (var member in (ReadOnlySpan<string>)["maxSurge", "maxUnavailable"])
        {
            if (updatePolicy.Object(member)?.Integer("fixed") is { } number && number > 0 && number < zones)
                draft.Problems.Invalid($"resource.updatePolicy.{member}.fixed", $"{number}", $"Must be 0 or at least the number of the group's zones, {zones}.");
        }
    }

    private static void Zones(Draft draft, JsonObject policy)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var entry in policy.Objects("zones"))
        {
            var field = $"resource.distributionPolicy.zones[{index++}].zone";
            var zone = ResourceLink.LastSegment(entry.Text("zone") ?? "");
            if (Geography.RegionOfZone(zone)?.Name != draft.Name.Region)
                draft.Problems.Invalid(field, entry["zone"]?.ToString(), $"Must be a zone of region '{draft.Name.Region}'.");
            else if (!seen.Add(zone))
                draft.Problems.Invalid(field, zone, "The zone is listed twice.");
            entry["zone"] = $"{ResourceLink.Base}projects/{draft.Name.Project}/zones/{zone}";
        }
    }
}
