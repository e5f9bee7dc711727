using System.Globalization;
using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// Where a state directory says on the host, outside of itself, what runs for it: a file of <c>/run</c>.
/// Its first line is the directory, each further one a machine's first process, when that started, and in which boot of the host. Whoever has the directory open holds a lock on it.
/// By it the machines are found of a directory that somebody deleted.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class HostRegister : IDisposable
{
    private const string Folder = "/run/primedeploy";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileStream _file;
    private readonly StreamWriter _writer;

    private HostRegister(FileStream file)
    {
        _file = file;
        _writer = new StreamWriter(file) { AutoFlush = true };
    }

    /// <exception cref="IOException">Another process has the directory open.</exception>
    public static async Task<HostRegister> EnterAsync(StateLayout layout, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Folder);
        var deadline = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                var file = new FileStream(PathOf(layout), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (File.Exists(PathOf(layout)))
                    return new HostRegister(file).Begin(layout);
                await file.DisposeAsync();
            }
            catch (IOException) when (DateTime.UtcNow < deadline)
            {
                // Someone who looks for what was abandoned has it for a moment.
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    /// <summary>Ends the machines and removes the networks, limits and disk of every state directory that is gone and that no process has open.</summary>
    /// <returns>The directories.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAbandonedAsync(CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var path in Directory.Exists(Folder) ? Directory.GetFiles(Folder) : [])
        {
            try
            {
                await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                using var reader = new StreamReader(file);
                var lines = (await reader.ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
                if (lines is not [var state, .. var machines] || Directory.Exists(new StateLayout(state).Networks))
                    continue;
                await RemoveAsync(new StateLayout(state), machines, cancellationToken);
                File.Delete(path);
                removed.Add(state);
            }
            catch (IOException)
            {
                // It is in use.
            }
        }

        return removed;
    }

    /// <summary>Writes down a machine that has been started.</summary>
    public void Add(MachineRecord record)
    {
        lock (_writer)
            _writer.Write(string.Create(CultureInfo.InvariantCulture, $"{record.InitProcess} {record.InitStarted} {record.HostBoot}\n"));
    }

    /// <summary>There is nothing to find any more.</summary>
    public void Erase() => File.Delete(_file.Name);

    public void Dispose() => _writer.Dispose();

    private static string PathOf(StateLayout layout) => Path.Combine(Folder, layout.NamePrefix.TrimEnd('-'));

    private HostRegister Begin(StateLayout layout)
    {
        if (_file.Length == 0)
            _writer.Write(layout.StateDirectory + "\n");
        _file.Seek(0, SeekOrigin.End);
        return this;
    }

    private static async Task RemoveAsync(StateLayout layout, IEnumerable<string> machines, CancellationToken cancellationToken)
    {
        foreach (var machine in machines.Select(line => line.Split(' ')))
        {
            using var init = NamespaceMachine.FindInit(
                int.Parse(machine[0], CultureInfo.InvariantCulture), long.Parse(machine[1], CultureInfo.InvariantCulture), machine[2]);
            if (init is null)
                continue;
            LinuxCalls.SendSignal(init, LinuxCalls.SignalKill);
            LinuxCalls.WaitForExit(init);
        }

        foreach (var name in NamedNamespaces.WithPrefix(layout.NamePrefix))
            await NamedNamespaces.RemoveAsync(name, cancellationToken);
        new ControlGroups(layout.NamePrefix).RemoveAll();
        await MachinesDisk.RemoveAsync(layout, cancellationToken);
        if (Directory.Exists(layout.Root))
            Directory.Delete(layout.Root, recursive: true);
        if (Directory.Exists(layout.StateDirectory) && !Directory.EnumerateFileSystemEntries(layout.StateDirectory).Any())
            Directory.Delete(layout.StateDirectory);
    }
}
