using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Catalogue;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The methods that change one setting of an instance.</summary>
internal static class InstanceSettings
{
    public static ApiAnswer AddAccessConfig(VerbCall call)
    {
        var wanted = call.Call.RequireBody();
        if (wanted.Text("type") is { } type && type != "ONE_TO_ONE_NAT")
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'resource.type': '{type}'. Must be ONE_TO_ONE_NAT.");
        if (wanted.Text("natIP") is { } asked && Instances.WhyNotReserved(call.Services.Store, call.Name, asked) is { } reason)
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'resource.natIP': '{asked}'. {reason}");
        if (Interface(call, call.Document).Objects("accessConfigs").Any())
            throw ApiException.Of(400, "invalid", "Invalid value for field 'resource.accessConfigs': a network interface has at most one access config; delete the other one first.");
        var isAssigned = true;
        call.Services.Store.Update(call.Name, json =>
        {
            var config = new JsonObject { ["kind"] = "compute#accessConfig", ["type"] = "ONE_TO_ONE_NAT", ["name"] = wanted.Text("name") ?? "External NAT", ["networkTier"] = "PREMIUM" };
            if (wanted.Text("natIP") is { } reserved)
                config["natIP"] = reserved;
            Interface(call, json)["accessConfigs"] = new JsonArray(config);
            if (json.Text("status") != InstanceStatus.Terminated)
                isAssigned = Instances.AssignExternalAddresses(json, call.Services);
        });
        return isAssigned ? call.Start() : throw ApiException.Of(403, "quotaExceeded", Instances.NoExternalAddress);
    }

    public static ApiAnswer DeleteAccessConfig(VerbCall call)
    {
        var name = call.Call.Query.Text("accessConfig") ?? throw ApiException.Of(400, "required", "Required field 'accessConfig' not specified");
        if (!Interface(call, call.Document).Objects("accessConfigs").Any(c => c.Text("name") == name))
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'accessConfig': '{name}'. The network interface has no access config of that name.");
        call.Services.Store.Update(call.Name, json => Interface(call, json).Remove("accessConfigs"));
        return call.Start();
    }

    public static ApiAnswer SetMachineType(VerbCall call)
    {
        var link = call.Call.RequireBody().Text("machineType") ?? throw ApiException.Of(400, "required", "Required field 'machineType' not specified");
        if (MachineTypes.Find(ResourceLink.LastSegment(link)) is not { } type)
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'machineType': '{link}'. The referenced machine type does not exist.");
        RequireStopped(call, "its machine type");
        call.Services.Store.Update(call.Name, json => json["machineType"] = $"{ResourceLink.Base}projects/{call.Name.Project}/{call.Name.Scope}/machineTypes/{type.Name}");
        return call.Start();
    }

    public static ApiAnswer SetServiceAccount(VerbCall call)
    {
        var wanted = call.Call.RequireBody();
        RequireStopped(call, "its service account");
        call.Services.Store.Update(call.Name, json =>
        {
            json.Remove("serviceAccounts");
            if (wanted.Text("email") is not { Length: > 0 } email)
                return;
            json["serviceAccounts"] = new JsonArray(new JsonObject
            {
                ["email"] = email == "default" ? ProjectsApi.DefaultServiceAccount(call.Name.Project) : email,
                ["scopes"] = wanted["scopes"]?.DeepClone() ?? new JsonArray(),
            });
        });
        return call.Start();
    }

    public static ApiAnswer SetScheduling(VerbCall call)
    {
        var before = call.Document.Object("scheduling") ?? [];
        var wanted = (JsonObject)before.DeepClone();
        JsonMerge.Apply(wanted, call.Call.RequireBody());
        var problems = new Problems();
        RunLimit.Check(problems, wanted, "scheduling");
        problems.Throw();
        if (!JsonNode.DeepEquals(before["maxRunDuration"], wanted["maxRunDuration"]))
            RequireStopped(call, "its maxRunDuration");
        call.Services.Store.Update(call.Name, json => json["scheduling"] = wanted.DeepClone());
        return call.Start();
    }

    public static ApiAnswer SetDiskAutoDelete(VerbCall call)
    {
        var device = call.Call.Query.Text("deviceName") ?? throw ApiException.Of(400, "required", "Required field 'deviceName' not specified");
        if (!call.Document.Objects("disks").Any(d => d.Text("deviceName") == device))
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'deviceName': '{device}'. No attached disk found with device name '{device}'.");
        call.Services.Store.Update(call.Name, json => json.Objects("disks").First(d => d.Text("deviceName") == device)["autoDelete"] = call.Call.Query.Flag("autoDelete"));
        return call.Start();
    }

    private static JsonObject Interface(VerbCall call, JsonObject instance)
    {
        var wanted = call.Call.Query.Text("networkInterface") ?? throw ApiException.Of(400, "required", "Required field 'networkInterface' not specified");
        return instance.Objects("networkInterfaces").FirstOrDefault(nic => nic.Text("name") == wanted)
            ?? throw ApiException.Of(400, "invalid", $"Invalid value for field 'networkInterface': '{wanted}'. The instance has no network interface of that name.");
    }

    private static void RequireStopped(VerbCall call, string what)
    {
        if (call.Document.Text("status") != InstanceStatus.Terminated)
            throw ApiException.Of(400, "resourceNotReady", $"The resource '{call.Name}' is not ready: {what} can be changed only while it is TERMINATED, and it is {call.Document.Text("status")}. Stop it first.");
    }
}
