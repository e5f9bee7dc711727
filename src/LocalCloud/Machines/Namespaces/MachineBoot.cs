using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Starts a machine's first process. It reports when its file systems are mounted and goes on only when it is told to: if this process dies before that, so does the machine,
/// and no machine runs that is not on record.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class MachineBoot
{
    /// <param name="spec">The machine.</param>
    /// <param name="directory">Its prepared files.</param>
    /// <param name="guest">The guest's programs.</param>
    /// <param name="network">The network, with the machine among its ports.</param>
    /// <param name="controlGroups">Groups to start it in.</param>
    /// <param name="register">Where the host's machines are written down.</param>
    /// <param name="cancellationToken">Gives up; nothing is left running.</param>
    public static async Task<MachineRecord> StartAsync(
        MachineSpec spec, MachineDirectory directory, GuestLayer guest, VirtualNetwork network,
        IReadOnlyList<string> controlGroups, HostRegister register, CancellationToken cancellationToken)
    {
        using var inside = NetworkNamespace.Create(spec.Id);
        inside.Visit(KernelSettings.IgnoreIPv6);
        await Tool.MustRunAsync(["ip", "-batch", "-"], RouterLinks.MachineSide(spec, network.RouterName), inside, cancellationToken);
        using var process = inside.Visit(() => Tool.Start(
            ["/bin/bash", guest.Path + GuestLayer.Library + "/launch", directory.Path, spec.HostName, .. controlGroups]));
        try
        {
            await network.AttachAsync(spec, cancellationToken);
            var record = await ReadyAsync(process, spec, controlGroups, cancellationToken);
            directory.WriteRecord(record);
            register.Add(record);
            await process.StandardInput.WriteLineAsync("go".AsMemory(), cancellationToken);
            process.StandardInput.Close();
            if (await process.StandardOutput.ReadLineAsync(cancellationToken) is null)
                throw new MachineHostException($"{spec.HostName} went down while it booted. The end of its serial port: {SerialLog.Read(directory.SerialLog, -2000).Contents}");
            return record;
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private static async Task<MachineRecord> ReadyAsync(
        Process process, MachineSpec spec, IReadOnlyList<string> controlGroups, CancellationToken cancellationToken)
    {
        var ready = await process.StandardOutput.ReadLineAsync(cancellationToken);
        if (ready?.Split(' ') is not [var init, var started])
        {
            var why = (await process.StandardError.ReadToEndAsync(cancellationToken)).Trim();
            throw new MachineHostException($"{spec.HostName} did not boot: {(why.Length == 0 ? $"it said \"{ready}\"" : why)}");
        }

        return new MachineRecord(
            spec.HostName, spec.NetworkId, spec.Address.ToString(), int.Parse(init, CultureInfo.InvariantCulture),
            long.Parse(started, CultureInfo.InvariantCulture), Kernel.BootId, controlGroups);
    }
}
