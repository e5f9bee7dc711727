using System.Net;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>Machines that try to reach the host, other machines and their processes.</summary>
[Collection(nameof(HostileLabs))]
public sealed class HostileNeighbourTests(HostileLabs shared)
{
    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task The_hosts_network_is_out_of_reach(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        using var tcp = new TcpListener(IPAddress.Loopback, 0);
        tcp.Start();
        var port = ((IPEndPoint)tcp.LocalEndpoint).Port;
        var name = "\0machine-lab-" + Guid.NewGuid().ToString("N");
        using var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        local.Bind(new UnixDomainSocketEndPoint(name));
        local.Listen();

        foreach (var address in new[] { "127.0.0.1", "10.138.0.1", "169.254.169.254", "203.0.113.1", "35.191.0.1", "199.36.153.8", "0.0.0.0" })
            Assert.Equal("nothing", await lab.RunAsync(hostile, $"timeout 0.4 bash -c 'exec 3<>/dev/tcp/{address}/{port}' 2>/dev/null && echo reached || echo nothing"));
        Assert.Equal("ConnectionRefusedError", await lab.RunAsync(hostile, $"""
            python3 -c '
            import socket
            try: socket.socket(socket.AF_UNIX).connect("\0{name[1..]}"); print("reached")
            except Exception as e: print(type(e).__name__)'
            """));
        Assert.Equal("eth0 lo", await lab.RunAsync(hostile, "ls /sys/class/net | xargs"));
        Assert.False(tcp.Pending());
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Another_network_is_out_of_reach_also_for_packets_that_a_machine_makes_itself(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        var address = IPAddress.Parse("10.138.0.77");
        await lab.Host.ApplyNetworkAsync(
            new NetworkPlan("net2", [IPAddress.Parse("10.138.0.1")], [new MachinePort("far", address, false, [])], [MachineLab.Rule("all", allow: true, "0.0.0.0/0", 80)], []), lab.Deadline);
        var far = await lab.Host.BootAsync(MachineLab.Spec(77) with { Id = "far", HostName = "far", NetworkId = "net2", Address = address }, lab.Deadline);
        const string count = "grep ^Udp: /proc/net/snmp";
        var before = await lab.RunAsync(far, count);

        Assert.Equal("sent", await lab.RunAsync(hostile, """
            timeout 0.4 bash -c 'exec 3<>/dev/tcp/10.138.0.77/80' 2>/dev/null && echo reached
            python3 -c '
            import socket, struct
            raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
            for source in ("10.138.0.1", "35.191.0.1", "169.254.169.254", "127.0.0.1", "10.138.0.30"):
                header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28, 1, 0, 64, 17, 0, socket.inet_aton(source), socket.inet_aton("10.138.0.77"))
                raw.sendto(header + struct.pack("!HHHH", 80, 80, 8, 0), ("10.138.0.77", 0))
            link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
            link.bind(("eth0", 0))
            for kind in (0x0800, 0x86DD, 0x8100, 0x0806):
                link.send(b"\xff" * 6 + b"\x42\x01\x0a\x8a\x00\x1e" + struct.pack("!H", kind) + b"\0" * 46)
            '
            echo sent
            """));

        Assert.Equal(before, await lab.RunAsync(far, count));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task Processes_of_other_machines_and_of_the_host_are_neither_seen_nor_harmed(MachineInit init)
    {
        var (lab, hostile) = await shared.OfAsync(init);
        var victim = await lab.BootAsync(23, "exec -a victims-program sleep 1000");
        while (!(await lab.RunAsync(victim, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).Contains("victims-program", StringComparison.Ordinal))
            await Task.Delay(10);

        var seen = await lab.RunAsync(hostile, "for p in /proc/[0-9]*; do readlink -q $p/cwd; tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null");
        Assert.DoesNotContain("victims-program", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("dotnet", seen, StringComparison.Ordinal);
        await lab.RunAsync(hostile, $"kill -KILL {Environment.ProcessId} -1; for p in {{2..400}}; do kill -KILL $p; done; ipcs >/dev/null");

        Assert.False(victim.Exited.IsCompleted);
        Assert.Contains("victims-program", await lab.RunAsync(victim, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"), StringComparison.Ordinal);
    }
}
