using System.Collections.Concurrent;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What a run has seen so far: Google's message of every resource that is there. Resources read in it what they need of those they depend
/// on.
/// </summary>
internal sealed class Observed(Deployment deployment, DateTimeOffset? expires)
{
    private readonly ConcurrentDictionary<Resource, object> _messages = new();

    public Deployment Deployment => deployment;

    public DeploymentOptions Options => deployment.Options;

    /// <summary>What is there already and bears another mark, or none, is taken over.</summary>
    public bool Adopt { get; init; }

    /// <summary>The link of a resource that is global.</summary>
    public string Global(string collection, string name) => Link.To($"projects/{Options.Project}/global/{collection}/{name}");

    /// <summary>The link of a resource of the deployment's region.</summary>
    public string Regional(string collection, string name) =>
        Link.To($"projects/{Options.Project}/regions/{Options.Region}/{collection}/{name}");

    /// <summary>The link of a resource of the deployment's zone.</summary>
    public string Zonal(string collection, string name) => Link.To($"projects/{Options.Project}/zones/{Options.Zone}/{collection}/{name}");

    /// <summary>The mark of this deployment's resources.</summary>
    /// <param name="spec">Hash of the fields.</param>
    /// <param name="there">The mark that is there. It keeps its expiry as long as nine tenths of the time to live are left: otherwise every
    /// run would change everything.</param>
    public OwnershipMark Mark(string spec, OwnershipMark? there = null) => new(deployment.Name, spec,
        expires is { } wanted && there?.Expires is { } kept && kept <= wanted && kept >= wanted - Options.TimeToLive / 10 ? kept : expires);

    public object? this[Resource resource] => _messages.GetValueOrDefault(resource);

    /// <summary>What is there of the resource; null when it was not found, or not looked at yet.</summary>
    public T? Of<T>(Resource<T> resource) where T : class => (T?)this[resource];

    public void Set(Resource resource, object? message)
    {
        if (message is null) _messages.TryRemove(resource, out _);
        else _messages[resource] = message;
    }

    /// <summary>The same, for looking ahead without changing it.</summary>
    public Observed Copy()
    {
        var copy = new Observed(deployment, expires) { Adopt = Adopt };
        foreach (var (resource, message) in _messages) copy.Set(resource, message);
        return copy;
    }
}
