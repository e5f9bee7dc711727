using System.Text.Json;

namespace PrimeDeploy.Deployer;

/// <summary>A plan for machines.</summary>
internal static class PlanJson
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Arrows and quotes may stay as they are: this goes to files and pipes, not into pages.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Plan plan) => JsonSerializer.Serialize(new
    {
        Deployment = plan.Deployment.Name,
        plan.Deployment.Options.Project,
        plan.Deployment.Options.Zone,
        plan.HasChanges,
        plan.Summary,
        Changes = plan.Changes.Select(change => new
        {
            change.Resource.Kind,
            change.Resource.Name,
            Step = change.Resource.Step.ToString(),
            Action = change.Action.ToString().ToLowerInvariant(),
            change.Reason,
            change.Differences,
        }),
        plan.Deletions,
    }, Style);
}
