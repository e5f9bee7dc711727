namespace PrimeDeploy.Deployer;

/// <summary>A deployment that is there, as it is found from outside.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Zone">Where its machines are.</param>
/// <param name="Owner">Who made it; null when its bucket is gone or does not say.</param>
/// <param name="Created">When; null when its bucket is gone.</param>
/// <param name="Expires">When anyone may collect it; null for never.</param>
/// <param name="Healthy">How many backends are healthy in the load balancer's eyes.</param>
/// <param name="Backends">How many backends there are meant to be.</param>
/// <param name="Address">The load balancer's internal address; null when it has none yet.</param>
/// <param name="Frontend">Where the service can be opened; null when it has no frontend yet.</param>
/// <param name="CostPerHour">In US dollars, estimated from <see cref="PriceTable"/>; null when it has machines of types that are not in
/// it.</param>
public sealed record DeploymentStatus(
    string Name, string Zone, string? Owner, DateTimeOffset? Created, DateTimeOffset? Expires, int Healthy, int Backends, string? Address,
    Uri? Frontend, decimal? CostPerHour)
{
    /// <summary>Its bucket's name; null when the bucket is gone.</summary>
    internal string? Bucket { get; init; }

    /// <summary>Whether its time to live is over.</summary>
    public bool IsExpired(DateTimeOffset now) => Expires <= now;
}

/// <summary>What became of a deployment whose time was over.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expired">Since when it was over.</param>
/// <param name="Report">What was deleted; null when nothing was tried.</param>
/// <param name="Problem">Why nothing was tried, for example because another run works on it; otherwise null.</param>
public sealed record ExpiredDeployment(string Name, DateTimeOffset Expired, TeardownReport? Report, string? Problem)
{
    /// <summary>Whether nothing of it is left.</summary>
    public bool Succeeded => Report is { Succeeded: true };
}
