namespace PrimeDeploy.Deployer;

/// <summary>What became of something that teardown looked at.</summary>
public enum TeardownResult
{
    /// <summary>Its deletion began.</summary>
    Deleting,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>It stays on purpose; <see cref="TeardownItem.Message"/> says why.</summary>
    Left,

    /// <summary>It could not be deleted; <see cref="TeardownItem.Message"/> says why.</summary>
    Failed,
}

/// <summary>One thing that teardown looked at.</summary>
/// <param name="Kind">For example "firewall rule".</param>
/// <param name="Name">Its name in the cloud.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Duration">How long that took.</param>
/// <param name="Message">Why it is left or failed; otherwise null.</param>
public sealed record TeardownItem(string Kind, string Name, TeardownResult Result, TimeSpan Duration, string? Message = null);

/// <summary>How a teardown ended.</summary>
/// <param name="Items">Everything that bore the deployment's mark, and what was left on purpose.</param>
/// <param name="Duration">From start to end.</param>
public sealed record TeardownReport(IReadOnlyList<TeardownItem> Items, TimeSpan Duration)
{
    /// <summary>Whether nothing of the deployment is left.</summary>
    public bool Succeeded => Items.All(item => item.Result is not TeardownResult.Failed);
}
