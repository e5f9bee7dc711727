using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Faults;
using PrimeDeploy.LocalCloud.Networks;
using PrimeDeploy.LocalCloud.Projects;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>What documents are made with.</summary>
internal sealed record ComputeServices(DocumentStore Store, ExternalAddresses ExternalAddresses, TimeProvider Time)
{
    /// <summary>What is to go wrong on purpose.</summary>
    public FaultRegistry Faults { get; init; } = new();

    /// <summary>How much of everything projects may have.</summary>
    public Quotas Quotas { get; init; } = new(Store, new());

    /// <summary>Inserts a document as a client's insert would, but without an operation: for what the server makes by itself.</summary>
    /// <exception cref="ApiException">The body is not valid, or there is one of that name.</exception>
    public JsonObject Create(ResourceKind kind, ResourceName name, JsonObject body) => DocumentMaker.Create(this, kind, name, body, null);
}
