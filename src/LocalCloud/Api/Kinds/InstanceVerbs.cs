using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>The methods of instances besides insert, get, list and delete.</summary>
internal static class InstanceVerbs
{
    public static IReadOnlyDictionary<string, VerbHandler> All { get; } = new Dictionary<string, VerbHandler>
    {
        ["start"] = new("POST", call => call.Start()),
        ["stop"] = new("POST", call => call.Start()),
        ["reset"] = new("POST", Reset),
        ["setLabels"] = new("POST", LabelChange.SetLabels),
        ["setTags"] = new("POST", SetTags),
        ["setMetadata"] = new("POST", SetMetadata),
        ["setDeletionProtection"] = new("POST", SetDeletionProtection),
        ["addAccessConfig"] = new("POST", InstanceSettings.AddAccessConfig),
        ["deleteAccessConfig"] = new("POST", InstanceSettings.DeleteAccessConfig),
        ["setMachineType"] = new("POST", InstanceSettings.SetMachineType),
        ["setServiceAccount"] = new("POST", InstanceSettings.SetServiceAccount),
        ["setScheduling"] = new("POST", InstanceSettings.SetScheduling),
        ["setDiskAutoDelete"] = new("POST", InstanceSettings.SetDiskAutoDelete),
        ["serialPort"] = new("GET", SerialPort),
        ["getGuestAttributes"] = new("GET", GuestAttributes),
    };

    private static ApiAnswer Reset(VerbCall call) => call.Document.Text("status") == InstanceStatus.Running
        ? call.Start()
        : throw ApiException.Of(400, "resourceNotReady", $"The resource '{call.Name}' is not ready: it is {call.Document.Text("status")}, and only a RUNNING instance can be reset.");

    private static ApiAnswer SetTags(VerbCall call)
    {
        var wanted = call.Call.RequireBody();
        var problems = new Problems();
        Naming.CheckTags(problems, "items", wanted.Texts("items"));
        problems.Throw();
        if (wanted.Text("fingerprint") is { } seen && seen != call.Document.Object("tags")?.Text("fingerprint"))
            throw ApiException.StaleFingerprint("tags");
        call.Services.Store.Update(call.Name, json => json["tags"] = Instances.TagsMessage(wanted));
        return call.Start();
    }

    private static ApiAnswer SetMetadata(VerbCall call)
    {
        MetadataChange.Apply(call.Services.Store, call.Name, "metadata", call.Call.RequireBody());
        return call.Start();
    }

    private static ApiAnswer SetDeletionProtection(VerbCall call)
    {
        var wanted = call.Call.Query.Text("deletionProtection") is null || call.Call.Query.Flag("deletionProtection");
        call.Services.Store.Update(call.Name, json => json["deletionProtection"] = wanted);
        return call.Start();
    }

    private static ApiAnswer SerialPort(VerbCall call)
    {
        var port = call.Call.Query.Integer("port", 1, 4) ?? 1;
        var start = call.Call.Query.Integer("start", long.MinValue, long.MaxValue) ?? 0;
        var output = port == 1 ? call.Control.ReadSerial(call.Name, start) : null;
        return new ApiAnswer(new JsonObject
        {
            ["kind"] = "compute#serialPortOutput",
            ["selfLink"] = $"{call.Name.Link}/serialPort",
            ["contents"] = output?.Contents ?? "",
            ["start"] = (output?.Start ?? Math.Max(0, start)).ToString(CultureInfo.InvariantCulture),
            ["next"] = (output?.Next ?? Math.Max(0, start)).ToString(CultureInfo.InvariantCulture),
        });
    }

    private static ApiAnswer GuestAttributes(VerbCall call)
    {
        var path = call.Call.Query.Text("queryPath") ?? call.Call.Query.Text("variableKey") ?? "";
        var (wantedNamespace, wantedKey) = path.Split('/', 2) is [var left, var right] ? (left, right) : (path, "");
        var found = call.Control.GuestAttributes(call.Name)
            .Where(a => (wantedNamespace.Length == 0 || a.Namespace == wantedNamespace) && (wantedKey.Length == 0 || a.Key == wantedKey))
            .ToList();
        if (found.Count == 0)
            throw ApiException.Of(404, "notFound", $"The resource '{path}' of type 'Guest Attribute' was not found."); // gcloud goes by these words.
        var answer = new JsonObject
        {
            ["kind"] = "compute#guestAttributes",
            ["queryPath"] = path,
            ["queryValue"] = new JsonObject
            {
                ["items"] = new JsonArray([.. found.Select(a => new JsonObject { ["namespace"] = a.Namespace, ["key"] = a.Key, ["value"] = a.Value })]),
            },
            ["selfLink"] = $"{call.Name.Link}/guestAttributes/{path}",
        };
        if (wantedKey.Length > 0)
        {
            answer["variableKey"] = path;
            answer["variableValue"] = found[0].Value;
        }
        return new ApiAnswer(answer);
    }
}
