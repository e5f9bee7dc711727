using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control.Instances;

internal enum InstanceAction
{
    None,

    /// <summary>Give the instance a machine and boot it, or boot the one that it has again.</summary>
    Boot,

    /// <summary>The machine runs already: only the document lags behind.</summary>
    MarkRunning,

    /// <summary>Power the machine off and leave the document TERMINATED.</summary>
    Stop,

    /// <summary>Nothing runs: the document says so.</summary>
    MarkTerminated,

    /// <summary>Pull the plug and boot again.</summary>
    Reset,

    /// <summary>Power off, remove the machine and its document.</summary>
    Delete,
}

/// <summary>What there is of a machine in the kernel.</summary>
internal enum MachinePresence { None, Running, PoweredOff, Rebooting, Killed }

/// <summary>What has to be done so that machine and document agree: a pure function, asked again after everything that happens to either.</summary>
internal static class InstanceDecision
{
    public static InstanceAction Decide(InstanceView instance, MachinePresence machine)
    {
        if (instance.Gone)
            return InstanceAction.Delete;
        var runs = machine == MachinePresence.Running;
        if (instance.Deleting)
            return runs ? InstanceAction.Stop : InstanceAction.None;
        return instance.Status switch
        {
            InstanceStatus.Provisioning or InstanceStatus.Staging => runs ? InstanceAction.MarkRunning : InstanceAction.Boot,
            InstanceStatus.Running when runs => instance.Reset ? InstanceAction.Reset : InstanceAction.None,
            InstanceStatus.Running => machine switch
            {
                // Switched off from inside is what the user wanted; anything else is an accident that automaticRestart mends. A dead
                // member is made anew by its group, from the template, so it is not booted again. A machine of which nothing is known
                // any more was lost together with the host or an earlier server: nothing says that it failed.
                MachinePresence.PoweredOff => InstanceAction.MarkTerminated,
                MachinePresence.Rebooting or MachinePresence.None => InstanceAction.Boot,
                _ when instance.Reset => InstanceAction.Boot,
                _ => instance.AutomaticRestart && instance.Group is null ? InstanceAction.Boot : InstanceAction.MarkTerminated,
            },
            InstanceStatus.Stopping => runs ? InstanceAction.Stop : InstanceAction.MarkTerminated,
            _ => runs ? InstanceAction.Stop : InstanceAction.None,
        };
    }

    public static MachinePresence PresenceOf(IMachine? machine) => machine switch
    {
        null => MachinePresence.None,
        { Exited.IsCompletedSuccessfully: true } => machine.Exited.Result switch
        {
            MachineExit.PoweredOff => MachinePresence.PoweredOff,
            MachineExit.Rebooting => MachinePresence.Rebooting,
            _ => MachinePresence.Killed,
        },
        _ => MachinePresence.Running,
    };
}
