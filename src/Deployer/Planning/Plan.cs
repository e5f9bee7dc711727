using System.Text;

namespace PrimeDeploy.Deployer;

/// <summary>What has to be done to a resource.</summary>
public enum PlanAction
{
    /// <summary>It is as it is wanted.</summary>
    None,

    /// <summary>It is not there.</summary>
    Create,

    /// <summary>It is there and can be changed in place.</summary>
    Update,

    /// <summary>It is there, differs, and the API has no change for it: it is deleted and made again.</summary>
    Replace,

}

/// <summary>A field that is not as it is wanted. Only fields that the deployment sets are compared.</summary>
/// <param name="Field">The field's path in Google's API: <c>httpHealthCheck.requestPath</c>.</param>
/// <param name="Actual">What it is; null when it is not set.</param>
/// <param name="Desired">What it will be; null when it will not be set.</param>
public sealed record FieldDifference(string Field, string? Actual, string? Desired)
{
    /// <summary>The line to print.</summary>
    public override string ToString() => $"{Field}: {Actual ?? "(not set)"} → {Desired ?? "(not set)"}";
}

/// <summary>What will be done to one resource and why.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Action">What will be done.</param>
/// <param name="Differences">Field by field; empty unless it is updated or replaced.</param>
/// <param name="Reason">In a few words; null when nothing is done.</param>
public sealed record PlannedChange(Resource Resource, PlanAction Action, IReadOnlyList<FieldDifference> Differences, string? Reason);

/// <summary>Something that bears the deployment's mark and is not wanted any more: an old version, or what was killed in the middle left.</summary>
/// <param name="Kind">For example "instance template".</param>
/// <param name="Name">Its name in the cloud.</param>
/// <param name="Reason">In a few words.</param>
public sealed record PlannedDeletion(string Kind, string Name, string Reason);

/// <summary>What is wanted against what is there. Nothing is stored between runs: it is always made from the cloud's own answers.</summary>
/// <param name="Deployment">Whose plan it is.</param>
/// <param name="Changes">One per resource, each after what it depends on.</param>
/// <param name="Deletions">What goes when everything else is done, in that order. Empty unless the plan is for the whole deployment.</param>
public sealed record Plan(Deployment Deployment, IReadOnlyList<PlannedChange> Changes, IReadOnlyList<PlannedDeletion> Deletions)
{
    /// <summary>Whether anything has to be done.</summary>
    public bool HasChanges => Deletions.Count > 0 || Changes.Any(change => change.Action is not PlanAction.None);

    /// <summary>The change of one resource.</summary>
    public PlannedChange this[Resource resource] => Changes.First(change => change.Resource == resource);

    /// <summary>For people: a line per resource, a line per difference, and a sum at the end.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var change in Changes)
        {
            text.Append(Sign(change.Action)).Append(' ').Append(change.Resource);
            if (change.Reason is { } reason) text.Append("  (").Append(reason).Append(')');
            text.Append('\n');
            foreach (var difference in change.Differences) text.Append("      ").Append(difference).Append('\n');
        }
        foreach (var deletion in Deletions)
            text.Append("  - ").Append(deletion.Kind).Append(' ').Append(deletion.Name).Append("  (").Append(deletion.Reason).Append(")\n");
        return text.Append(Summary).Append('\n').ToString();
    }

    /// <summary>For machines: one indented JSON document, with the same content. Its members only ever become more.</summary>
    public string ToJson() => PlanJson.Write(this);

    /// <summary>One line: "13 to create, 2 unchanged".</summary>
    public string Summary
    {
        get
        {
            var sums = Changes.Where(change => change.Action is not PlanAction.None).CountBy(change => change.Action).OrderBy(sum => sum.Key)
                .Select(sum => $"{sum.Value} to {sum.Key.ToString().ToLowerInvariant()}").ToList();
            if (Deletions.Count > 0) sums.Add($"{Deletions.Count} to delete");
            if (Changes.Count(change => change.Action is PlanAction.None) is var unchanged and > 0) sums.Add($"{unchanged} unchanged");
            return string.Join(", ", sums);
        }
    }

    private static string Sign(PlanAction action) => action switch
    {
        PlanAction.Create => "  +",
        PlanAction.Update => "  ~",
        PlanAction.Replace => "-/+",
        _ => "  =",
    };
}
