namespace PrimeDeploy.LocalCloud.Machines;

/// <summary>What the first process of a machine is.</summary>
public enum MachineInit
{
    /// <summary>A small one of the local cloud's own: starts at once, runs startup scripts and simple services.</summary>
    Light,

    /// <summary>This host's systemd. Of this host's units none starts by itself; there is the one that runs startup scripts.</summary>
    Systemd,
}
