namespace PrimeDeploy.Deployer;

/// <summary>Something that happened, as it happens. A console shows them live; a log keeps them.</summary>
/// <param name="At">When, from the engine's clock.</param>
public abstract record DeploymentEvent(DateTimeOffset At);

/// <summary>What is there was compared with what is wanted; changes begin now.</summary>
public sealed record PlanMade(DateTimeOffset At, Plan Plan) : DeploymentEvent(At);

/// <summary>A change of a resource began: all that it depends on is there.</summary>
public sealed record ResourceStarted(DateTimeOffset At, Resource Resource, PlanAction Action) : DeploymentEvent(At);

/// <summary>A resource is there, but not yet at rest.</summary>
/// <param name="At">When.</param>
/// <param name="Resource">The resource.</param>
/// <param name="For">What is waited for: "2 of 3 machines run".</param>
public sealed record ResourceWaiting(DateTimeOffset At, Resource Resource, string For) : DeploymentEvent(At);

/// <summary>A call failed in a way that passes; it is made again after <paramref name="Delay"/>.</summary>
/// <param name="At">When.</param>
/// <param name="Call">What was being done, for example "create firewall rule http".</param>
/// <param name="Attempt">How many times it was tried so far, from 1.</param>
/// <param name="Delay">How long until the next try.</param>
/// <param name="Reason">Google's code and message, or what broke.</param>
public sealed record CallRetried(DateTimeOffset At, string Call, int Attempt, TimeSpan Delay, string Reason) : DeploymentEvent(At);

/// <summary>A resource is as it is wanted.</summary>
public sealed record ResourceFinished(DateTimeOffset At, ResourceOutcome Outcome) : DeploymentEvent(At);

/// <summary>A resource could not be made as it is wanted. What does not depend on it goes on.</summary>
public sealed record ResourceFailed(DateTimeOffset At, Resource Resource, PlanAction Action, TimeSpan Duration, CloudError Error)
    : DeploymentEvent(At);

/// <summary>A resource is not touched because one that it depends on failed.</summary>
public sealed record ResourceBlocked(DateTimeOffset At, Resource Resource, Resource Failed) : DeploymentEvent(At);

/// <summary>A check of the verification came to an end.</summary>
public sealed record CheckFinished(DateTimeOffset At, Check Check) : DeploymentEvent(At);

/// <summary>All checks are made, and the test instance is on its way down, which takes a while on Google Cloud.</summary>
/// <param name="At">When.</param>
/// <param name="Report">What was proved.</param>
public sealed record VerificationFinished(DateTimeOffset At, VerificationReport Report) : DeploymentEvent(At);

/// <summary>Another run holds the deployment's lease, and this one waits for it.</summary>
/// <param name="At">When.</param>
/// <param name="Owner">Who holds it.</param>
/// <param name="Since">Since when.</param>
/// <param name="Until">When it ends unless it is renewed.</param>
public sealed record LeaseAwaited(DateTimeOffset At, string Owner, DateTimeOffset Since, DateTimeOffset Until) : DeploymentEvent(At);

/// <summary>A resource is deleted, by teardown or because it is not wanted any more, or left on purpose.</summary>
public sealed record TeardownProgress(DateTimeOffset At, TeardownItem Item) : DeploymentEvent(At);
