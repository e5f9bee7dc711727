using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>A document on its way into the store.</summary>
/// <param name="Json">May be changed.</param>
/// <param name="Before">What it replaces; null for an insert.</param>
internal sealed record Draft(ResourceName Name, JsonObject Json, JsonObject? Before, ComputeServices Services, Problems Problems)
{
    public DocumentStore Store => Services.Store;

    public bool IsInsert => Before is null;

    /// <summary>The call that asked for it; null for what the server makes by itself.</summary>
    public ApiCall? Call { get; init; }

    /// <summary>Disks that are inserted together with an instance, by the time that nothing can go wrong with them.</summary>
    public List<(ResourceName Name, JsonObject Body)> NewDisks { get; } = [];

    /// <summary>Demands that a text member has one of some values; absent is fine.</summary>
    public void OneOf(string member, params string[] allowed)
    {
        if (Json[member] is { } node && !allowed.Contains(Json.Text(member), StringComparer.Ordinal))
            Problems.Invalid($"resource.{member}", node.ToString(), $"Must be one of {string.Join(", ", allowed)}.");
    }

    /// <summary>Demands that a number is in a range; absent is fine.</summary>
    public void Range(JsonObject holder, string member, string field, long least, long most)
    {
        if (holder[member] is { } node && !(holder.Integer(member) is { } number && number >= least && number <= most))
            Problems.Invalid(field, node.ToString(), $"Must be a whole number from {least} to {most}.");
    }

    /// <summary>Demands a text member.</summary>
    public void Require(string member)
    {
        if (string.IsNullOrEmpty(Json.Text(member)))
            Problems.Required($"resource.{member}");
    }
}
