using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>
/// What backend and frontend share: a Kestrel with limits, and an orderly end. It is Kestrel alone, without ASP.NET's host: no configuration, no routing, no services.
/// There is one function to call; the host around it would take 2 MB more.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    /// <summary>The settings of every role that listens.</summary>
    internal static readonly Setting[] Settings =
    [
        new("listen", "http://ADDRESS:PORT", "The address to listen on; port 0 takes a free one.", "http://0.0.0.0:80"),
        new("drain-delay", "SECONDS", "How long after SIGTERM new connections are still taken while /healthz fails already, 0 to 60.", "2"),
        new("drain-limit", "SECONDS", "How long after that requests in flight may take to finish, 0 to 600.", "10"),
    ];

    private readonly ILoggerFactory logs = LoggerFactory.Create(Log);
    private readonly KestrelServer kestrel;
    private readonly DrainLimits limits;
    private readonly Places places;

    private WebServer(IPEndPoint listen, DrainLimits limits, int connections)
    {
        this.limits = limits;
        places = new Places(connections);
        Logger = logs.CreateLogger("primes");
        Drain = new Drain(limits, TimeProvider.System, Logger);
        kestrel = new KestrelServer(Options.Create(Limit(listen, places, connections)), new SocketTransportFactory(Options.Create(Hasten()), logs), logs);
    }

    internal Drain Drain { get; }

    /// <summary>Where it listens.</summary>
    internal Uri Address => new(kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Completes when the drain, once begun, is over.</summary>
    internal Task Ended { get; private set; } = Task.CompletedTask;

    private ILogger Logger { get; }

    /// <summary>Listens, and answers by the one function given.</summary>
    /// <exception cref="IOException">The address cannot be had; the message says why.</exception>
    internal static async Task<WebServer> StartAsync(IPEndPoint listen, DrainLimits limits, Func<Drain, RequestDelegate> answer, int connections = 10_000)
    {
        var server = new WebServer(listen, limits, connections);
        try
        {
            await server.kestrel.StartAsync(new Application(answer(server.Drain), server.places), CancellationToken.None);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.Ended = server.EndAsync();
        return server;
    }

    /// <summary>Runs until it is told to stop by a signal.</summary>
    internal static async Task<int> RunAsync(IPEndPoint listen, DrainLimits limits, Func<Drain, RequestDelegate> answer, string role)
    {
        await using var server = await StartAsync(listen, limits, answer);
        using var signals = server.Drain.BeginAtSignals();
        server.Logger.Listens(role, server.Address.ToString(), Reply.ServedBy);
        await server.Ended;
        server.Logger.Ended(role);
        return 0;
    }

    /// <summary>Ends without waiting for anybody, where it has not ended in order.</summary>
    public async ValueTask DisposeAsync()
    {
        await kestrel.StopAsync(new CancellationToken(canceled: true));
        kestrel.Dispose();
        logs.Dispose();
    }

    private async Task EndAsync()
    {
        await Drain.PortCloses;
        using var limit = new CancellationTokenSource(limits.Limit);
        await kestrel.StopAsync(limit.Token);
    }

    /// <summary>A line of JSON per event on standard output; requests are counted, not logged.</summary>
    private static void Log(ILoggingBuilder logging) => logging
        .AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        })
        .AddFilter("Microsoft", LogLevel.Warning);

    /// <summary>
    /// Answers where a request arrives, without a change of threads: a third less work for a connection that has the server to itself.
    /// It is called unsafe because an answer that blocks keeps other connections waiting; ours take some 100 µs at most, and what takes longer is done aside.
    /// </summary>
    private static SocketTransportOptions Hasten() => new() { UnsafePreferInlineScheduling = true, NoDelay = false, CreateBoundListenSocket = ListenForRequests };

    /// <summary>
    /// Hears of a connection when its first bytes are there, or after a second or two, so that they are read at once instead of being waited for.
    /// Option and its unit, seconds, are those of https://man7.org/linux/man-pages/man7/tcp.7.html; other systems do without.
    /// </summary>
    private static Socket ListenForRequests(EndPoint endpoint)
    {
        const int Tcp = 6, DeferAccept = 9;
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.NoDelay = true; // Every connection has it from here, without being told.
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(Tcp, DeferAccept, MemoryMarshal.AsBytes<int>([1]));
        return socket;
    }

    private static KestrelServerOptions Limit(IPEndPoint listen, Places places, int connections)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(listen, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            endpoint.Use(places.Before);
            endpoint.Use(HalfOpen.Before);
        });

        options.Limits.MaxConcurrentConnections = connections;
        options.Limits.MaxRequestLineSize = 8_192;
        options.Limits.MaxRequestHeadersTotalSize = 8_192;
        options.Limits.MaxRequestHeaderCount = 64;
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        // Longer than a frontend keeps an idle connection, so that the server is never the one who closes it under a request.
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        return options;
    }
}
