using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.LocalCloud.Machines;

/// <summary>What the user wants machines to be.</summary>
public enum MachineMode
{
    /// <summary>Linux namespaces where this host can make them, simulated ones where it cannot.</summary>
    Namespaces,

    /// <summary>No machines at all: the API answers, nothing runs.</summary>
    None,
}

/// <summary>Chooses the machine host for this computer.</summary>
internal static class MachineHost
{
    /// <summary>Opens the machines of a state directory; the answer's <see cref="IMachineHost.Capabilities"/> tell what it became and why.</summary>
    /// <param name="stateDirectory">Everything is kept in its folder <c>machines</c>. One process at a time may have it open.</param>
    /// <param name="mode">What is wanted.</param>
    /// <param name="time">The clock of time-outs.</param>
    /// <param name="cancellationToken">Ends the probing of this host.</param>
    public static async Task<IMachineHost> OpenAsync(
        string stateDirectory, MachineMode mode, TimeProvider time, CancellationToken cancellationToken)
    {
        if (mode == MachineMode.None)
            return new SimulatedMachineHost("Machines are switched off by --machines none; start the local cloud with --machines namespaces to have real ones.");

        if (!OperatingSystem.IsLinux())
            return new SimulatedMachineHost(
                "Machines are Linux namespaces, and this is not Linux; run the local cloud on Linux or in a Linux virtual machine (WSL 2 on Windows).");

        if (Environment.IsPrivilegedProcess)
            await HostRegister.RemoveAbandonedAsync(cancellationToken);
        var layout = new StateLayout(Path.GetFullPath(stateDirectory));
        return await HostProbe.WhyNotAsync(layout, cancellationToken) is { } whyNot
            ? new SimulatedMachineHost(whyNot)
            : await NamespaceMachineHost.OpenAsync(layout, time, cancellationToken);
    }
}
