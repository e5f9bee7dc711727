using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Faults;

/// <summary>Finds out whether an operation is to fail, and says so in Google's words.</summary>
internal static class OperationFaults
{
    /// <returns>Null when the operation is not meant to fail.</returns>
    public static OperationFailedException? FailureOf(this FaultRegistry faults, string method, ResourceName target, string verb)
    {
        var call = new ApiMethod(method, target.Project, target.Scope, target.Collection, verb, target.Id);
        var fault = faults.Strike(call, f => f.Operation is not null || (f.Shortage is not null && NeedsMachine(call))).FirstOrDefault();
        return fault switch
        {
            { Operation: { } failed } => new(failed.Code, failed.Status, failed.Message ?? "The operation failed because a fault was asked for."),
            { Shortage: Shortage.StockOut } => new("ZONE_RESOURCE_POOL_EXHAUSTED", 503,
                $"The zone 'projects/{target.Project}/{target.Scope}' does not have enough resources available to fulfill the request. Try a different zone, or try again later."),
            { Shortage: Shortage.Quota } => new("QUOTA_EXCEEDED", 403, $"Quota 'CPUS' exceeded.  Limit: 0.0 in region {target.Region}."),
            _ => null,
        };
    }

    private static bool NeedsMachine(ApiMethod call) => call is { Collection: "instances", Verb: "insert" or "start" };
}
