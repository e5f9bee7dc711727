namespace PrimeDeploy.Deployer;

/// <summary>
/// What an instance's status says of its machine (https://cloud.google.com/compute/docs/instances/instance-lifecycle). One that is being made,
/// started or repaired comes up by itself: it is left alone.
/// </summary>
internal static class MachineStatus
{
    public const string Running = "RUNNING";

    /// <summary>With its memory kept: it goes on from there by another call than one that was stopped.</summary>
    public const string Suspended = "SUSPENDED";

    /// <summary>It is on its way down, and cannot be started before it is there. One that is being deleted says the same.</summary>
    public static bool IsStopping(string status) => status is "STOPPING" or "PENDING_STOP" or "SUSPENDING";

    /// <summary>It does not run, and will not by itself.</summary>
    public static bool IsDown(string status) => IsStopping(status) || status is "TERMINATED" or "STOPPED" or Suspended;
}
