namespace PrimeDeploy.Deployer;

/// <summary>
/// Resources that belong together and name each other. It only says what is wanted; a <see cref="DeploymentEngine"/> makes it so.
/// </summary>
public class Deployment
{
    /// <summary>Orders the resources by what they depend on.</summary>
    /// <exception cref="DependencyException">A resource names one that is not among them, or they name each other in a circle.</exception>
    internal Deployment(DeploymentOptions options, IReadOnlyList<Resource> resources)
    {
        Options = options;
        Graph = new DependencyGraph<Resource>(resources, resource => resource.DependsOn);
    }

    /// <summary>What it was described from.</summary>
    public DeploymentOptions Options { get; }

    /// <summary>The name that its resources are marked with.</summary>
    public string Name => Options.Name;

    /// <summary>Every resource, after all that it depends on.</summary>
    public IReadOnlyList<Resource> Resources => Graph.Order;

    /// <summary>The resources that a task of the lab is about, in the order of <see cref="Resources"/>.</summary>
    public IReadOnlyList<Resource> ResourcesOf(Step step) => [.. Resources.Where(resource => resource.Step == step)];

    internal DependencyGraph<Resource> Graph { get; }
}
