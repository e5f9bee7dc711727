using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Managed instance groups of a zone or a region (https://cloud.google.com/compute/docs/reference/rest/v1/instanceGroupManagers).</summary>
internal sealed class InstanceGroupManagers : ResourceKind
{
    /// <summary>More than this the address range of a region's default subnetwork could not hold anyway.</summary>
    public const int LargestSize = 1000;

    public override string Collection => "instanceGroupManagers";

    public override string Singular => "instanceGroupManager";

    public override Scopes Scopes => Scopes.Zonal | Scopes.Regional;

    public override string ListKind(string scope) => InstanceGroups.RegionalListKind(Singular, scope);

    public override Methods Methods => Methods.Immutable | Methods.Patch;

    public override bool QualifiesOperations => true;

    public override bool HasFingerprint => true;

    public override bool AffectsMachines => true;

    public override IReadOnlyList<LinkField> Links =>
    [
        new("instanceTemplate", "instanceTemplates"), new("versions[].instanceTemplate", "instanceTemplates"),
        new("autoHealingPolicies[].healthCheck", "healthChecks"),
    ];

    public override IReadOnlyList<string> Immutable => ["baseInstanceName"];

    public override IReadOnlyList<string> OutputOnly => ["currentActions", "status", "instanceGroup"];

    public override IReadOnlyDictionary<string, VerbHandler> Verbs => InstanceGroupManagerVerbs.All;

    public override void Complete(Draft draft)
    {
        var group = draft.Json;
        group.Default("baseInstanceName", draft.Name.Id.Length > 58 ? draft.Name.Id[..58].TrimEnd('-') : draft.Name.Id);
        if (group.Text("baseInstanceName") is not { Length: <= 58 } baseName || !Naming.IsResourceName(baseName))
            draft.Problems.Invalid("resource.baseInstanceName", group["baseInstanceName"]?.ToString(), "Must be a name of at most 58 lower-case letters, digits and dashes.");
        if (group["targetSize"] is null)
            draft.Problems.Required("resource.targetSize");
        draft.Range(group, "targetSize", "resource.targetSize", 0, LargestSize);
        group["instanceGroup"] = (draft.Name with { Collection = "instanceGroups" }).Link;
        Versions(draft);
        if (!HasTemplate(group))
            return;
        Distribution.Complete(draft);
        UpdatePolicy(draft);
        Healing(draft);
        var lifecycle = group.Ensure("instanceLifecyclePolicy");
        lifecycle.Default("defaultActionOnFailure", "REPAIR");
        lifecycle.Default("forceUpdateOnRepair", "NO");
        group.Default("listManagedInstancesResults", "PAGELESS");
        if (draft.Before is null || !HasTemplate(draft.Before))
        {
            TemplateInterface(draft);
            group["status"] = new JsonObject
            {
                ["isStable"] = group.Integer("targetSize") == 0,
                ["versionTarget"] = new JsonObject { ["isReached"] = true },
                ["stateful"] = new JsonObject { ["hasStatefulConfig"] = false, ["perInstanceConfigs"] = new JsonObject { ["allEffective"] = true } },
                ["allInstancesConfig"] = new JsonObject { ["effective"] = true },
            };
            group["currentActions"] = new JsonObject
            {
                ["none"] = 0, ["creating"] = (int)(group.Integer("targetSize") ?? 0), ["creatingWithoutRetries"] = 0, ["recreating"] = 0, ["deleting"] = 0,
                ["abandoning"] = 0, ["restarting"] = 0, ["refreshing"] = 0, ["verifying"] = 0, ["starting"] = 0, ["stopping"] = 0, ["suspending"] = 0, ["resuming"] = 0,
            };
        }
    }

    /// <summary>Beside every managed group stands an instance group of the same name, which load balancers refer to.</summary>
    public override void Inserted(Draft draft)
    {
        var twin = draft.Name with { Collection = "instanceGroups" };
        var nic = HasTemplate(draft.Json) ? TemplateInterface(draft) : [];
        draft.Services.Create(new InstanceGroups(), twin, new JsonObject
        {
            ["name"] = twin.Id,
            ["description"] = $"This instance group is controlled by Instance Group Manager '{twin.Id}'. To modify instances in this group, use the Instance Group Manager API: https://cloud.google.com/compute/docs/reference/latest/instanceGroupManagers",
            ["network"] = nic.Text("network"),
            ["subnetwork"] = nic.Text("subnetwork"),
            ["namedPorts"] = draft.Json["namedPorts"]?.DeepClone(),
        });
    }

    public override JsonObject View(ResourceName name, JsonObject json, DocumentStore store)
    {
        if (HasTemplate(json))
            return json;
        var view = (JsonObject)json.DeepClone();
        view.Remove("currentActions");
        return view;
    }

    public override void Removed(ResourceName name, DocumentStore store) => store.Remove(name with { Collection = "instanceGroups" });

    public override ResourceName? UserOf(ResourceName name, DocumentStore store) => ResourceTable.UserOf(name with { Collection = "instanceGroups" }, store);

    public override async Task FinishAsync(string verb, ResourceName name, ComputeServices services, IComputeControl control, CancellationToken cancellationToken)
    {
        if (verb == "delete")
            await control.WhenGroupEmptyAsync(name, cancellationToken);
        await base.FinishAsync(verb, name, services, control, cancellationToken);
    }

    /// <summary>
    /// A group may be made without a template, as it was seen to be accepted. Nothing is filled in for it, it is never stable,
    /// and its list of errors says what it lacks, until a patch gives it one.
    /// </summary>
    private static bool HasTemplate(JsonObject group) => !string.IsNullOrEmpty(group.Text("instanceTemplate"));

    /// <summary>The network interface that members will have in this zone; a problem is noted when the template's network has no place for it.</summary>
    private static JsonObject TemplateInterface(Draft draft)
    {
        var template = ResourceName.FromLink(draft.Json.Text("instanceTemplate")) is { } name ? draft.Store.Find(name) : null;
        if (ResourceName.FromLink(draft.Json.Text("instanceTemplate")) is { Region: { } region } && region != draft.Name.Region)
            draft.Problems.Invalid("resource.instanceTemplate", draft.Json.Text("instanceTemplate"), $"A regional instance template must be in the group's region, '{draft.Name.Region}'.");
        var nic = template?.Object("properties")?.Objects("networkInterfaces").FirstOrDefault()?.DeepClone().AsObject() ?? [];
        InstanceProperties.ResolveSubnetwork(draft, nic, draft.Name.Region!, "resource.instanceTemplate");
        return nic;
    }

    /// <summary>instanceTemplate and versions say the same; whichever the client changed decides.</summary>
    private static void Versions(Draft draft)
    {
        var group = draft.Json;
        var isTemplateChanged = group.Text("instanceTemplate") != draft.Before?.Text("instanceTemplate");
        var areVersionsChanged = !JsonNode.DeepEquals(Stripped(group), draft.Before is { } before ? Stripped(before) : null);
        if (group["versions"] is JsonArray { Count: > 1 })
        {
            draft.Problems.Invalid("resource.versions", group["versions"]!.ToJsonString(), "The local cloud's groups have one version at a time.");
            return;
        }
        if (group.Objects("versions").FirstOrDefault() is { } version && (areVersionsChanged || !isTemplateChanged))
            group["instanceTemplate"] = version.Text("instanceTemplate");
        else if (group.Text("instanceTemplate") is { } template)
            group["versions"] = new JsonArray(new JsonObject { ["instanceTemplate"] = template });
        if (!HasTemplate(group))
        {
            if (draft.Before is { } had && HasTemplate(had))
                draft.Problems.Required("resource.instanceTemplate");
            return;
        }
        var size = (int)(group.Integer("targetSize") ?? 0);
        group.Objects("versions").First()["targetSize"] = new JsonObject { ["calculated"] = size };

        static JsonNode? Stripped(JsonObject json)
        {
            var versions = json["versions"]?.DeepClone();
            foreach (var entry in (versions as JsonArray)?.OfType<JsonObject>() ?? [])
                entry.Remove("targetSize");
            return versions;
        }
    }

    private static void UpdatePolicy(Draft draft)
    {
        var policy = draft.Json.Ensure("updatePolicy");
        policy.Default("type", "OPPORTUNISTIC");
        policy.Default("minimalAction", "REPLACE");
        policy.Default("replacementMethod", "SUBSTITUTE");
        Distribution.DefaultPolicy(draft, policy);
        var size = (int)(draft.Json.Integer("targetSize") ?? 0);
        var surge = Amount(draft, policy, "maxSurge", size, roundUp: true);
        var unavailable = Amount(draft, policy, "maxUnavailable", size, roundUp: false);
        Distribution.CheckPolicy(draft, policy);
        if (surge == 0 && unavailable == 0 && policy.Object("maxSurge")?["percent"] is null && policy.Object("maxUnavailable")?["percent"] is null)
            draft.Problems.Invalid("resource.updatePolicy.maxUnavailable", "0", "maxSurge and maxUnavailable cannot both be 0.");
        if (policy.Text("replacementMethod") == "RECREATE" && surge > 0)
            draft.Problems.Invalid("resource.updatePolicy.maxSurge", policy["maxSurge"]!.ToJsonString(), "maxSurge must be 0 when the replacement method is RECREATE.");
        foreach (var (member, allowed) in (ReadOnlySpan<(string, string[])>)
            [("type", ["OPPORTUNISTIC", "PROACTIVE"]), ("minimalAction", ["NONE", "REFRESH", "RESTART", "REPLACE"]), ("mostDisruptiveAllowedAction", ["NONE", "REFRESH", "RESTART", "REPLACE"]), ("replacementMethod", ["SUBSTITUTE", "RECREATE"])])
        {
            if (policy[member] is null && member == "mostDisruptiveAllowedAction")
                continue;
            if (!allowed.Contains(policy.Text(member), StringComparer.Ordinal))
                draft.Problems.Invalid($"resource.updatePolicy.{member}", policy[member]?.ToString(), $"Must be one of {string.Join(", ", allowed)}.");
        }
    }

    /// <summary>A number or a percentage; the machine count that it comes to is filled in.</summary>
    private static int Amount(Draft draft, JsonObject policy, string member, int size, bool roundUp)
    {
        var amount = policy.Ensure(member);
        var before = draft.Before?.Object("updatePolicy")?.Object(member);
        if (amount["fixed"] is not null && amount["percent"] is not null)
            amount.Remove(before?["fixed"] is not null ? "fixed" : "percent"); // A patch put one beside the other: the new one counts.
        if (amount["percent"] is null)
            amount.Default("fixed", policy.Text("replacementMethod") == "RECREATE" && member == "maxSurge" ? 0 : Math.Max(1, Distribution.ZonesOf(draft.Json).Count));
        draft.Range(amount, "fixed", $"resource.updatePolicy.{member}.fixed", 0, LargestSize);
        draft.Range(amount, "percent", $"resource.updatePolicy.{member}.percent", 0, 100);
        if (amount["percent"] is not null && size < 10)
            draft.Problems.Invalid($"resource.updatePolicy.{member}.percent", amount["percent"]!.ToString(), "A percentage needs a group of at least 10 instances; use fixed.");
        var calculated = amount.Integer("fixed") ?? ((amount.Integer("percent") ?? 0) * size + (roundUp ? 99 : 0)) / 100;
        amount["calculated"] = (int)calculated;
        return (int)calculated;
    }

    private static void Healing(Draft draft)
    {
        if (draft.Json["autoHealingPolicies"] is JsonArray { Count: > 1 } policies)
            draft.Problems.Invalid("resource.autoHealingPolicies", $"{policies.Count} policies", "At most one policy may be given.");
        foreach (var policy in draft.Json.Objects("autoHealingPolicies"))
        {
            policy.Default("initialDelaySec", 0);
            if (ResourceName.FromLink(policy.Text("healthCheck")) is { } check && draft.Store.Find(check) is { } json && HealthChecks.UsesServingPort(json))
                draft.Problems.Invalid("resource.autoHealingPolicies[0].healthCheck", check.Link, "Autohealing needs a health check with portSpecification USE_FIXED_PORT.");
            draft.Range(policy, "initialDelaySec", "resource.autoHealingPolicies[0].initialDelaySec", 0, 3600);
        }
    }
}
