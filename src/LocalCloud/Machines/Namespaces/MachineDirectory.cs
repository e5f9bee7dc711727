using System.Text.Json;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>The files of one machine on the host.</summary>
internal sealed record MachineDirectory(string Path)
{
    public string Name => System.IO.Path.GetFileName(Path);

    public string MachineId => Name["m-".Length..];

    /// <summary>The machine's <c>/</c>.</summary>
    public string RootFileSystem => In("root");

    /// <summary>What the host says to the machine, one folder per stock directory: below what the machine writes, above all else.</summary>
    public string Seed => In("seed");

    /// <summary>What the machine changed in the host's stock directories: one folder each.</summary>
    public string Upper => In("upper");

    /// <summary>Scratch folders of overlayfs, on the same file system as <see cref="Upper"/>.</summary>
    public string Work => In("work");

    public string Devices => In("dev");

    public string MountTable => In("fstab");

    public string SerialLog => In("serial.log");

    /// <summary>Written by the machine as its last act: why it goes down.</summary>
    public string ExitReason => In("exit");

    /// <summary>Places for the two files above in the machine's <c>/run/host</c>, where a container's manager leaves its own (systemd.io/CONTAINER_INTERFACE).</summary>
    public string Host => In("host");

    private string RecordFile => In("machine.json");

    public MachineRecord? ReadRecord() =>
        File.Exists(RecordFile) ? JsonSerializer.Deserialize<MachineRecord>(File.ReadAllText(RecordFile)) : null;

    /// <summary>Replaces the record in one step: a reader, or a server after a crash, sees the old or the new one.</summary>
    public void WriteRecord(MachineRecord record)
    {
        var next = RecordFile + ".new";
        File.WriteAllText(next, JsonSerializer.Serialize(record));
        File.Move(next, RecordFile, overwrite: true);
    }

    /// <summary>Why a machine that is down went down; one that had no time to write it was killed.</summary>
    public MachineExit ReadExit()
    {
        try
        {
            // The machine can write to this file: only its beginning is looked at.
            using var file = new StreamReader(ExitReason);
            var reason = new char[16];
            return new string(reason, 0, file.ReadBlock(reason)).Trim() switch
            {
                "poweroff" or "halt" or "exit" => MachineExit.PoweredOff,
                "reboot" => MachineExit.Rebooting,
                _ => MachineExit.Killed,
            };
        }
        catch (IOException)
        {
            return MachineExit.Killed;
        }
    }

    public void Delete()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>What has to be known to find a running machine again after this process ended.</summary>
/// <param name="InitProcess">Process id of the machine's init, as the host counts.</param>
/// <param name="InitStarted">Start time of init in clock ticks since the host's boot: with the process id and <paramref name="HostBoot"/> it names one process forever.</param>
/// <param name="HostBoot">The kernel's boot_id.</param>
/// <param name="ControlGroups">Control group directories of this boot.</param>
internal sealed record MachineRecord(
    string HostName, string NetworkId, string Address, int InitProcess, long InitStarted, string HostBoot, IReadOnlyList<string> ControlGroups);
