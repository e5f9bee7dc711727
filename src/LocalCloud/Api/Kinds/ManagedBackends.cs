using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>What is particular to the backend services of internal Application Load Balancers (INTERNAL_MANAGED): their proxies speak HTTP to a named port of the groups.</summary>
internal static class ManagedBackends
{
    public static void Complete(Draft draft)
    {
        var service = draft.Json;
        service.Default("protocol", "HTTP");
        draft.OneOf("protocol", "HTTP");
        if (service["portName"] is { } portName)
            Naming.CheckName(draft.Problems, "resource.portName", portName.ToString());
        service.Default("localityLbPolicy", "ROUND_ROBIN");
        draft.OneOf("localityLbPolicy", "ROUND_ROBIN");
        draft.OneOf("sessionAffinity", "NONE");
        foreach (var check in service.Texts("healthChecks").Select(ResourceName.FromLink).OfType<ResourceName>().Where(c => c.Scope != draft.Name.Scope))
            draft.Problems.Invalid("resource.healthChecks", check.Link, $"A backend service with load balancing scheme INTERNAL_MANAGED needs a health check of its region, '{draft.Name.Region}'.");
    }

    public static void Complete(Draft draft, JsonObject backend, string field)
    {
        backend.Default("balancingMode", "UTILIZATION");
        backend.Default("capacityScaler", 1.0);
        if (backend["capacityScaler"]!.GetValueKind() != System.Text.Json.JsonValueKind.Number || backend["capacityScaler"]!.GetValue<double>() is not (0 or (>= 0.1 and <= 1)))
            draft.Problems.Invalid($"{field}.capacityScaler", backend["capacityScaler"]!.ToString(), "Must be 0, or from 0.1 to 1.");
        switch (backend.Text("balancingMode"))
        {
            case "UTILIZATION":
                backend.Default("maxUtilization", 0.8);
                break;
            case "RATE" when backend["maxRate"] is null && backend["maxRatePerInstance"] is null:
                draft.Problems.Invalid($"{field}.balancingMode", "RATE", "One of maxRate and maxRatePerInstance must be specified.");
                break;
            case "RATE":
                break;
            default:
                draft.Problems.Invalid($"{field}.balancingMode", backend["balancingMode"]?.ToString(), $"Must be UTILIZATION or RATE for load balancing scheme {draft.Json.Text("loadBalancingScheme")}.");
                break;
        }
    }
}
