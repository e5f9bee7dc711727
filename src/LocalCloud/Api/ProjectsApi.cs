using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>Projects come into being when they are first asked for, with the default network that a new project has at Google.</summary>
internal sealed class ProjectsApi(ComputeServices services, OperationRunner operations)
{
    /// <exception cref="ApiException">It cannot be a project's id.</exception>
    public void Ensure(string project)
    {
        var name = ResourceName.OfProject(project);
        if (services.Store.Find(name) is not null)
            return;
        if (!Naming.IsProjectId(project))
            throw ApiException.Of(400, "invalid", $"Invalid value for field 'project': '{project}'. Must be {Naming.ProjectIdRule}.");
        services.Store.Transact(() =>
        {
            if (!services.Store.TryInsert(name, Document(project)))
                return;
            AddDefaultNetwork(project);
            foreach (var (created, _) in services.Store.All().Where(document => document.Name.Project == project))
                services.Store.Update(created, document => Local.Set(document, Local.PrePopulated, true));
        });
    }

    public ApiAnswer Get(string project)
    {
        var shown = (JsonObject)services.Store.Find(ResourceName.OfProject(project))!.DeepClone();
        shown["quotas"] = services.Quotas.InProject(project);
        return new(shown);
    }

    /// <summary>Metadata that all machines of the project see.</summary>
    public ApiAnswer SetMetadata(string project, ApiCall call)
    {
        var name = ResourceName.OfProject(project);
        MetadataChange.Apply(services.Store, name, "commonInstanceMetadata", call.RequireBody());
        return new ApiAnswer(operations.Start(new OperationRequest(
            "compute.projects.setCommonInstanceMetadata", "setCommonInstanceMetadata", name, ServerFields.ProjectNumber(project), call.RequestId, $"{call.Method} {call.Url}")));
    }

    private JsonObject Document(string project) => new()
    {
        ["kind"] = "compute#project",
        ["id"] = ServerFields.ProjectNumber(project),
        ["creationTimestamp"] = ServerFields.Timestamp(services.Time),
        ["name"] = project,
        ["commonInstanceMetadata"] = new JsonObject { ["kind"] = "compute#metadata", ["fingerprint"] = ServerFields.Fingerprint(null) },
        ["selfLink"] = $"{ResourceLink.Base}projects/{project}",
        ["defaultServiceAccount"] = DefaultServiceAccount(project),
        ["defaultNetworkTier"] = "PREMIUM",
        ["xpnProjectStatus"] = "UNSPECIFIED_XPN_PROJECT_STATUS",
    };

    public static string DefaultServiceAccount(string project) => $"{ServerFields.ProjectNumber(project)}-compute@developer.gserviceaccount.com";

    private void AddDefaultNetwork(string project)
    {
        Create(project, "networks", "default", new JsonObject { ["description"] = "Default network for the project", ["autoCreateSubnetworks"] = true });
        Allow(project, "default-allow-icmp", "Allow ICMP from anywhere", "0.0.0.0/0", new JsonObject { ["IPProtocol"] = "icmp" });
        Allow(project, "default-allow-internal", "Allow internal traffic on the default network", "10.128.0.0/9",
            Tcp("0-65535"), new JsonObject { ["IPProtocol"] = "udp", ["ports"] = new JsonArray("0-65535") }, new JsonObject { ["IPProtocol"] = "icmp" });
        Allow(project, "default-allow-rdp", "Allow RDP from anywhere", "0.0.0.0/0", Tcp("3389"));
        Allow(project, "default-allow-ssh", "Allow SSH from anywhere", "0.0.0.0/0", Tcp("22"));
    }

    private static JsonObject Tcp(string ports) => new() { ["IPProtocol"] = "tcp", ["ports"] = new JsonArray(ports) };

    private void Allow(string project, string name, string description, string source, params JsonNode[] allowed) => Create(project, "firewalls", name, new JsonObject
    {
        ["description"] = description,
        ["direction"] = "INGRESS",
        ["priority"] = 65534,
        ["sourceRanges"] = new JsonArray(source),
        ["allowed"] = new JsonArray(allowed),
    });

    private void Create(string project, string collection, string name, JsonObject body)
    {
        body["name"] = name;
        services.Create(ResourceTable.Find(collection)!, new ResourceName(project, "global", collection, name), body);
    }
}
