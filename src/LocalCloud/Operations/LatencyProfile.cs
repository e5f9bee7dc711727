using System.Collections.Frozen;

namespace PrimeDeploy.LocalCloud.Operations;

/// <summary>How long operations take besides what the machines themselves need.</summary>
public sealed class LatencyProfile
{
    /// <summary>An operation is done as soon as what it asks for is so.</summary>
    public static LatencyProfile Instant { get; } = new("instant");

    /// <summary>Durations as seen at Google: a template 3 s, a firewall rule 11 s, an instance 24 s.</summary>
    public static LatencyProfile Realistic { get; } = new("realistic");

    internal static IReadOnlyList<LatencyProfile> All { get; } = [Instant, Realistic];

    private static readonly FrozenDictionary<(string Collection, string Verb), double> Seconds = new Dictionary<(string, string), double>
    {
        [("instanceTemplates", "insert")] = 3, [("instanceTemplates", "delete")] = 3,
        [("firewalls", "insert")] = 11, [("firewalls", "patch")] = 11, [("firewalls", "delete")] = 11,
        [("networks", "insert")] = 31, [("networks", "delete")] = 31,
        [("instances", "insert")] = 20, [("instances", "delete")] = 40, [("instances", "stop")] = 20, [("instances", "start")] = 15,
        [("instanceGroupManagers", "insert")] = 10, [("instanceGroupManagers", "delete")] = 60,
        [("backendServices", "insert")] = 10, [("forwardingRules", "insert")] = 10, [("healthChecks", "insert")] = 5,
        [("addresses", "insert")] = 3,
    }.ToFrozenDictionary();

    private LatencyProfile(string name) => Name = name;

    /// <summary>As on the command line: instant or realistic.</summary>
    public string Name { get; }

    internal static LatencyProfile? Find(string? name) => All.FirstOrDefault(profile => profile.Name == name);

    internal TimeSpan Of(string collection, string verb) =>
        this == Instant ? TimeSpan.Zero : TimeSpan.FromSeconds(Seconds.GetValueOrDefault((collection, verb), 4));
}

/// <summary>The profile in force; it may be changed while the server runs, and counts for operations that begin from then on.</summary>
internal sealed class Latency(LatencyProfile profile)
{
    public LatencyProfile Profile { get; set; } = profile;
}
