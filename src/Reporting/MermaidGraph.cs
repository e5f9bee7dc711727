using System.Text;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Reporting;

/// <summary>Resources and what they depend on, as a picture in Mermaid's language, which GitHub and Azure DevOps draw.</summary>
internal static class MermaidGraph
{
    private const int LongestName = 36;

    /// <param name="resources">The resources; only what they depend on among themselves is drawn.</param>
    /// <param name="stateOf">One of the classes: created, changed, unchanged, failed, blocked.</param>
    public static string Of(IReadOnlyList<Resource> resources, Func<Resource, string> stateOf)
    {
        var names = resources.Index().ToDictionary(pair => pair.Item, pair => $"r{pair.Index}");
        var text = new StringBuilder("flowchart LR\n");
        foreach (var (resource, name) in names)
            text.Append($"  {name}[\"{Label(resource.Kind)}<br/><b>{Label(Short(resource.Name))}</b>\"]:::{stateOf(resource)}\n");
        foreach (var (resource, name) in names)
            foreach (var needed in resource.DependsOn.Distinct().Where(names.ContainsKey))
                text.Append($"  {names[needed]} --> {name}\n");
        return text
            .Append("  classDef created fill:#dafbe1,stroke:#1a7f37,color:#1f2328\n")
            .Append("  classDef changed fill:#fff8c5,stroke:#9a6700,color:#1f2328\n")
            .Append("  classDef unchanged fill:#f6f8fa,stroke:#848d97,color:#1f2328\n")
            .Append("  classDef failed fill:#ffebe9,stroke:#d1242f,color:#1f2328\n")
            .Append("  classDef blocked fill:#ffffff,stroke:#848d97,color:#848d97,stroke-dasharray:4\n")
            .ToString();
    }

    /// <summary>Both ends of a long name, such as an object's with a hash in it: a box is no wider than its neighbours.</summary>
    private static string Short(string name) => name.Length <= LongestName ? name : $"{name[..(LongestName / 2)]}…{name[^(LongestName / 2)..]}";

    private static string Label(string text) => text.Replace("#", "#35;").Replace("\"", "#quot;").Replace("<", "#lt;").Replace(">", "#gt;");
}
