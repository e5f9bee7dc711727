using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Instance templates, global and regional ones, which never change (https://cloud.google.com/compute/docs/reference/rest/v1/instanceTemplates).</summary>
internal sealed class InstanceTemplates : ResourceKind
{
    public override string Collection => "instanceTemplates";

    public override string Singular => "instanceTemplate";

    public override Scopes Scopes => Scopes.Global | Scopes.Regional;

    public override bool QualifiesOperations => true;

    /// <summary>A template is only a recipe: the network that it names may be deleted.</summary>
    public override IReadOnlyList<LinkField> Links =>
        [new("properties.networkInterfaces[].network", "networks", Holds: false), new("properties.networkInterfaces[].subnetwork", "subnetworks", Holds: false)];

    public override void Complete(Draft draft)
    {
        if (draft.Json.Object("properties") is not { } properties)
        {
            draft.Problems.Required("resource.properties");
            return;
        }
        if (properties.Text("machineType") is { } type && type.Contains('/', StringComparison.Ordinal))
            draft.Problems.Invalid("resource.properties.machineType", type, "An instance template names a machine type without zone, for example e2-medium.");
        InstanceProperties.Complete(draft, properties, "resource.properties");
        InstanceProperties.CompleteInterfaces(draft, properties, "resource.properties");
    }
}
