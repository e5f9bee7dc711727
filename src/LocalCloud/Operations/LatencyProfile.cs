using System.Collections.Frozen;

namespace PrimeDeploy.LocalCloud.Operations;

/// <summary>How long operations take besides what the machines themselves need.</summary>
internal sealed class LatencyProfile
{
    /// <summary>An operation is done as soon as what it asks for is so.</summary>
    public static LatencyProfile Instant { get; } = new(isInstant: true);

    /// <summary>Durations as seen at Google: a template 3 s, a firewall rule 11 s, an instance 24 s.</summary>
    public static LatencyProfile Realistic { get; } = new(isInstant: false);

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

    private readonly bool _isInstant;

    private LatencyProfile(bool isInstant) => _isInstant = isInstant;

    public TimeSpan Of(string collection, string verb) =>
        _isInstant ? TimeSpan.Zero : TimeSpan.FromSeconds(Seconds.GetValueOrDefault((collection, verb), 4));
}
