using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>What a managed instance group's document asks for.</summary>
/// <param name="Version">What every member is meant to be made from.</param>
/// <param name="MaxSurge">How many machines more than the target size an update may make at a time.</param>
/// <param name="MaxUnavailable">How many machines less than the target size may be available during an update.</param>
/// <param name="KeepNames">Update a member in place under its name (RECREATE) instead of replacing it by another (SUBSTITUTE).</param>
/// <param name="MinimalAction">An update does at least this to every member, also where less would do.</param>
/// <param name="MostDisruptive">A member that would need more than this is not updated.</param>
/// <param name="Proactive">Update by itself; otherwise only members that are made anew get the new version.</param>
/// <param name="UpdateOnRepair">A member that is repaired gets the current version and not the one that it had.</param>
/// <param name="Healing">Null when the group only heals machines that do not run.</param>
internal sealed record GroupSpec(
    int TargetSize, string BaseName, GroupVersion Version, int MaxSurge, int MaxUnavailable, bool KeepNames, bool Proactive,
    bool UpdateOnRepair, HealingPolicy? Healing, bool Deleting,
    UpdateAction MinimalAction = UpdateAction.Replace, UpdateAction MostDisruptive = UpdateAction.Replace)
{
    /// <summary>Names of the zones that a regional group spreads over; empty for a zonal group.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Instances are moved to other zones to keep them even.</summary>
    public bool Redistributes { get; init; }

    public static GroupSpec Of(JsonObject json)
    {
        var targetSize = (int)(json.Integer("targetSize") ?? 0);
        var version = json.Objects("versions").FirstOrDefault();
        var policy = json.Object("updatePolicy") ?? [];
        var healing = json.Objects("autoHealingPolicies").FirstOrDefault();
        return new(
            targetSize,
            json.Text("baseInstanceName") ?? json.Text("name") ?? "",
            new(version?.Text("instanceTemplate") ?? json.Text("instanceTemplate") ?? "", version?.Text("name")),
            Calculate(policy.Object("maxSurge"), targetSize, roundUp: true),
            Calculate(policy.Object("maxUnavailable"), targetSize, roundUp: false),
            policy.Text("replacementMethod") == "RECREATE",
            policy.Text("type") == "PROACTIVE",
            json.Object("instanceLifecyclePolicy")?.Text("forceUpdateOnRepair") == "YES",
            ResourceName.FromLink(healing?.Text("healthCheck")) is { } check ? new(check, TimeSpan.FromSeconds(healing!.Integer("initialDelaySec") ?? 0)) : null,
            json.IsDeleting(),
            UpdateActions.Read(policy.Text("minimalAction")) ?? UpdateAction.Replace,
            UpdateActions.Read(policy.Text("mostDisruptiveAllowedAction")) ?? UpdateAction.Replace)
        {
            Zones = [.. (json.Object("distributionPolicy")?.Objects("zones") ?? []).Select(z => ResourceLink.LastSegment(z.Text("zone") ?? ""))],
            Redistributes = policy.Text("instanceRedistributionType") == "PROACTIVE" && policy.Text("replacementMethod") != "RECREATE",
        };
    }

    // A fixed number or a percentage of the size; one machine when nothing is said, as the real service fills in for a zonal group.
    private static int Calculate(JsonObject? amount, int targetSize, bool roundUp) =>
        amount?.Integer("fixed") is { } number ? (int)number
        : amount?.Integer("percent") is { } percent ? (int)(roundUp ? (targetSize * percent + 99) / 100 : targetSize * percent / 100)
        : 1;
}

/// <param name="Template">Link of the instance template.</param>
/// <param name="Name">The version's name, or null; giving it another name replaces the machines although the template is the same.</param>
internal sealed record GroupVersion(string Template, string? Name);

/// <param name="InitialDelay">How long after its start an unhealthy machine is left alone.</param>
internal sealed record HealingPolicy(ResourceName HealthCheck, TimeSpan InitialDelay);
