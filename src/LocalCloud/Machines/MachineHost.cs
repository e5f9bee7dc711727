using System.Runtime.Versioning;
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
    /// <param name="init">What machines boot with from now on; those that run keep what they have.</param>
    /// <param name="time">The clock of time-outs.</param>
    /// <param name="cancellationToken">Ends the probing of this host.</param>
    /// <exception cref="MachineHostException">Machines cannot boot with systemd here; the message says why and what to do.</exception>
    public static async Task<IMachineHost> OpenAsync(
        string stateDirectory, MachineMode mode, MachineInit init, TimeProvider time, CancellationToken cancellationToken)
    {
        string? whyNot;
        if (mode == MachineMode.None)
        {
            whyNot = "Machines are switched off by --machines none; start the local cloud with --machines namespaces to have real ones.";
        }
        else if (!OperatingSystem.IsLinux())
        {
            whyNot = "Machines are Linux namespaces, and this is not Linux; run the local cloud on Linux or in a Linux virtual machine (WSL 2 on Windows).";
        }
        else
        {
            var layout = new StateLayout(Path.GetFullPath(stateDirectory));
            whyNot = await WhyNotHereAsync(layout, init, cancellationToken);
            if (whyNot is null)
                return await NamespaceMachineHost.OpenAsync(layout, init, time, cancellationToken);
        }

        return init == MachineInit.Systemd
            ? throw new MachineHostException($"Machines cannot boot with systemd: {whyNot} Or start the local cloud with --init light.")
            : new SimulatedMachineHost(whyNot);
    }

    [SupportedOSPlatform("linux")]
    private static async Task<string?> WhyNotHereAsync(StateLayout layout, MachineInit init, CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
            await HostRegister.RemoveAbandonedAsync(cancellationToken);
        return await HostProbe.WhyNotAsync(layout, cancellationToken) ?? (init == MachineInit.Systemd ? HostProbe.WhyNoSystemd(layout) : null);
    }
}
