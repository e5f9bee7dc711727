using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>One VPC network: a router in a network namespace of its own that every machine has a link to, and that has no way out.</summary>
[SupportedOSPlatform("linux")]
internal sealed class VirtualNetwork : IDisposable
{
    private const int SocketLevel = 1;
    private const int SocketMark = 36;

    private static readonly string[] IpBatch = ["ip", "-batch", "-"];

    private readonly NetworkNamespace _router;
    private readonly string _stateFile;
    private readonly SemaphoreSlim _changes = new(1);
    private readonly Dictionary<string, AttachedMachine> _machines = new(StringComparer.Ordinal);
    private readonly HashSet<IPAddress> _gateways = [];
    private HashSet<string>? _proxied;
    private MarkBook _marks;
    private NetworkPlan? _plan;

    private VirtualNetwork(string id, string routerName, NetworkNamespace router, string stateFile, MarkBook marks)
    {
        Id = id;
        RouterName = routerName;
        _router = router;
        _stateFile = stateFile;
        _marks = marks;
    }

    public string Id { get; }

    public string RouterName { get; }

    /// <summary>Makes the router, or finds the one that an earlier server made.</summary>
    public static async Task<VirtualNetwork> OpenAsync(StateLayout layout, string id, CancellationToken cancellationToken)
    {
        var routerName = layout.RouterName(id);
        var stateFile = StateFile(layout, id);
        var known = File.Exists(stateFile);
        if (known && NamedNamespaces.Exists(routerName))
        {
            return new VirtualNetwork(id, routerName, NamedNamespaces.Open(routerName), stateFile, MarkBook.Load(stateFile));
        }

        // Without its file it was not finished: start over.
        await NamedNamespaces.RemoveAsync(routerName, cancellationToken);
        await Tool.MustRunAsync(["ip", "netns", "add", routerName], "", inside: null, cancellationToken);
        var router = NamedNamespaces.Open(routerName);
        router.Visit(KernelSettings.MakeRouter);
        await Tool.MustRunAsync(IpBatch, RouterLinks.Router(), router, cancellationToken);
        var network = new VirtualNetwork(id, routerName, router, stateFile, MarkBook.Empty);
        network._marks.Save(stateFile);
        return network;
    }

    public async Task ApplyAsync(NetworkPlan plan, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var newcomers = plan.Ports.Select(port => port.MachineId).Where(machine => !_marks.Marks.ContainsKey(machine)).ToList();
            if (newcomers.Count > 0)
            {
                foreach (var machine in newcomers)
                    _marks = _marks.With(machine);
                _marks.Save(_stateFile);
            }

            var gateways = plan.Gateways.Where(gateway => !_gateways.Contains(gateway)).ToList();
            if (gateways.Count > 0)
            {
                await Tool.MustRunAsync(IpBatch, string.Concat(gateways.Select(gateway => $"address replace {gateway}/32 dev lo\n")), _router, cancellationToken);
                _gateways.UnionWith(gateways);
            }

            var proxied = plan.Proxies.Select(proxy => $"{proxy.Address}/32").Concat(plan.ProxyRanges.Select(range => range.ToString())).ToHashSet(StringComparer.Ordinal);
            if (_proxied?.SetEquals(proxied) != true)
            {
                await Tool.MustRunAsync(IpBatch, RouterLinks.Proxies(_proxied, proxied), _router, cancellationToken);
                _proxied = proxied;
            }

            await Tool.MustRunAsync(["nft", "-f", "-"], new FirewallRuleset(plan, _marks.Marks).ToString(), _router, cancellationToken);
            _plan = plan;
            foreach (var machine in _machines.Values)
                await ForwardAsync(machine, cancellationToken);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Wires the router's end of a machine's link. The machine's end was made before, in its namespace.</summary>
    public Task AttachAsync(MachineSpec spec, CancellationToken cancellationToken) =>
        Tool.MustRunAsync(IpBatch, RouterLinks.RouterSide(spec, MarkOf(spec)), _router, cancellationToken);

    /// <summary>From here on the machine's forwarded addresses follow the plan.</summary>
    /// <param name="machineId">The machine.</param>
    /// <param name="initProcess">Its init.</param>
    /// <param name="isNew">It has just booted and has no forwarded address yet; otherwise what it has is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task FollowAsync(string machineId, int initProcess, bool isNew, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var machine = new AttachedMachine(machineId, initProcess) { Forwarded = isNew ? [] : null };
            _machines[machineId] = machine;
            await ForwardAsync(machine, cancellationToken);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Removes the link of a machine that is down, at once: the kernel would do it some time after the namespace is gone.</summary>
    public async Task DetachAsync(string machineId, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            _machines.Remove(machineId);
            if (_marks.Marks.TryGetValue(machineId, out var mark))
                await Tool.RunAsync(["ip", "-force", "-batch", "-"], RouterLinks.RouterSideGone(machineId, mark), _router, cancellationToken);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <summary>Forgets a machine that does not come back. Its mark is not used again.</summary>
    public async Task ForgetAsync(string machineId, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            _marks = _marks.Without(machineId);
            _marks.Save(_stateFile);
        }
        finally
        {
            _changes.Release();
        }
    }

    public Socket Listen(IPEndPoint endpoint, ProtocolType protocol) => _router.Visit(() => Prepared(protocol, socket =>
    {
        socket.Bind(endpoint);
        if (protocol == ProtocolType.Tcp)
            socket.Listen();
    }));

    public async Task<Socket> ConnectAsync(IPAddress source, IPEndPoint destination, string? machineId, CancellationToken cancellationToken)
    {
        var mark = 0;
        if (machineId is not null && !_marks.Marks.TryGetValue(machineId, out mark))
            throw new MachineHostException($"Machine {machineId} is not on network {Id}.");

        var socket = _router.Visit(() => Prepared(ProtocolType.Tcp, created =>
        {
            created.NoDelay = true;
            if (mark != 0)
                created.SetRawSocketOption(SocketLevel, SocketMark, BitConverter.GetBytes(mark));
            BindSource(created, source);
        }));
        try
        {
            await socket.ConnectAsync(destination, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        Dispose();
        File.Delete(_stateFile);
        await NamedNamespaces.RemoveAsync(RouterName, cancellationToken);
    }

    /// <summary>Removes what an earlier server left of a network; succeeds when there is nothing.</summary>
    public static async Task RemoveAsync(StateLayout layout, string id, CancellationToken cancellationToken)
    {
        var stateFile = StateFile(layout, id);
        if (File.Exists(stateFile))
            File.Delete(stateFile);
        await NamedNamespaces.RemoveAsync(layout.RouterName(id), cancellationToken);
    }

    public void Dispose()
    {
        _router.Dispose();
        _changes.Dispose();
    }

    private static string StateFile(StateLayout layout, string id) => Path.Combine(layout.Networks, id + ".json");

    private static Socket Prepared(ProtocolType protocol, Action<Socket> prepare)
    {
        var socket = new Socket(AddressFamily.InterNetwork, protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream, protocol);
        try
        {
            prepare(socket);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void BindSource(Socket socket, IPAddress source)
    {
        try
        {
            socket.Bind(new IPEndPoint(source, 0));
        }
        catch (SocketException refusal) when (refusal.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new MachineHostException(
                $"Nothing comes into a network from {source}; sources are {string.Join(", ", GoogleAddresses.Probers.Concat(GoogleAddresses.Internet))}.", refusal);
        }
    }

    private int MarkOf(MachineSpec spec) =>
        _marks.Marks.TryGetValue(spec.Id, out var mark)
            ? mark
            : throw new MachineHostException($"Machine {spec.Id} ({spec.HostName}) is not among the ports of network {Id}; apply the network with it first.");

    private async Task ForwardAsync(AttachedMachine machine, CancellationToken cancellationToken)
    {
        var wanted = _plan?.Ports.FirstOrDefault(port => port.MachineId == machine.Id)?.ForwardedAddresses.Distinct().ToHashSet();
        if (wanted is null || machine.Forwarded?.SetEquals(wanted) == true)
            return;

        try
        {
            using var inside = NetworkNamespace.Open($"/proc/{machine.InitProcess}/ns/net");
            await Tool.MustRunAsync(IpBatch, RouterLinks.Forwarded(wanted), inside, cancellationToken);
            machine.Forwarded = wanted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or MachineHostException && !Directory.Exists($"/proc/{machine.InitProcess}"))
        {
            // It went down meanwhile: nothing to forward to.
        }
    }

    private sealed record AttachedMachine(string Id, int InitProcess)
    {
        /// <summary>What the machine has as its own beside its address; null when it is not known.</summary>
        public HashSet<IPAddress>? Forwarded { get; set; }
    }
}
