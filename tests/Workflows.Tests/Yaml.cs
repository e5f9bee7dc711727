using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>The checkout's YAML, with words for the few things that are asked of it.</summary>
internal static class Yaml
{
    public static string Root { get; } = FindRoot();

    public static IEnumerable<string> Workflows => Directory.EnumerateFiles(Path.Combine(Root, ".github", "workflows"), "*.yml").Order(StringComparer.Ordinal);

    public static IEnumerable<string> Pipelines =>
        Directory.EnumerateFiles(Path.Combine(Root, "azure-pipelines"), "*.yml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    public static string ActionFile => Path.Combine(Root, "action.yml");

    public static YamlMappingNode Action => Read(ActionFile);

    public static YamlMappingNode Read(string file)
    {
        using var reader = File.OpenText(file);
        var stream = new YamlStream();
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public static YamlNode? Get(this YamlNode? node, string key) => node is YamlMappingNode map && map.Children.TryGetValue(key, out var value) ? value : null;

    public static string? Text(this YamlNode? node) => (node as YamlScalarNode)?.Value;

    public static IEnumerable<KeyValuePair<string, YamlNode>> Members(this YamlNode? node) =>
        node is YamlMappingNode map ? map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, child.Value)) : [];

    public static IEnumerable<YamlNode> Items(this YamlNode? node) => node is YamlSequenceNode list ? list.Children : [];

    /// <summary>Every mapping anywhere in it.</summary>
    public static IEnumerable<YamlMappingNode> Mappings(this YamlNode node) => node.AllNodes.OfType<YamlMappingNode>();

    /// <summary>The steps of all jobs of a workflow.</summary>
    public static IEnumerable<YamlNode> Steps(this YamlNode workflow) => workflow.Get("jobs").Members().SelectMany(job => job.Value.Get("steps").Items());

    /// <summary>Every script anywhere in it, of GitHub's and of Azure's steps.</summary>
    public static IEnumerable<string> Scripts(this YamlNode yaml) =>
        yaml.Mappings().SelectMany(map => (string?[])[map.Get("run").Text(), map.Get("bash").Text(), map.Get("inlineScript").Text()]).OfType<string>();

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PrimeDeploy.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        return folder;
    }
}
