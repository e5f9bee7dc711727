using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using Yarp.ReverseProxy.Forwarder;

namespace PrimeDeploy.LocalCloud.Control.Proxies;

/// <summary>
/// The proxy of one forwarding rule. Its sockets are inside the network: it listens on the load balancer's address, and connects to backends from the
/// proxy-only subnetwork, so that the firewall judges it like any other packet. It answers as Google's proxies do where a backend does not.
/// </summary>
internal sealed class ProxyServer : IAsyncDisposable
{
    /// <summary>As long as Envoy, which Google's proxies are made of, waits for a connection.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>https://cloud.google.com/load-balancing/docs/l7-internal#timeout-keepalive-backends</summary>
    private static readonly TimeSpan BackendKeepAlive = TimeSpan.FromSeconds(600);

    private static readonly ForwarderRequestConfig WithoutIdleTimeout = new() { ActivityTimeout = Timeout.InfiniteTimeSpan, Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private readonly IMachineHost _host;
    private readonly string _networkId;
    private readonly WebApplication _app;
    private readonly IHttpForwarder _forwarder;
    private readonly HttpMessageInvoker _backends;
    private readonly ConcurrentDictionary<ResourceName, uint> _turns = new();
    private readonly ConcurrentDictionary<RequestUnderWay, bool> _underWay = new();
    private ProxyPlan _plan;

    private ProxyServer(IMachineHost host, string networkId, ProxyPlan plan)
    {
        (_host, _networkId, _plan) = (host, networkId, plan);
        _backends = new(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = BackendKeepAlive,
            ConnectCallback = ConnectAsync,
        });
        _app = Build();
        _forwarder = _app.Services.GetRequiredService<IHttpForwarder>();
        _app.Run(HandleAsync);
    }

    /// <summary>What the next request goes by. Those under way stay where they are, for as long as their backend may keep them.</summary>
    public ProxyPlan Plan
    {
        private get => Volatile.Read(ref _plan);
        set
        {
            Volatile.Write(ref _plan, value);
            foreach (var request in _underWay.Keys)
                request.Follow(() => Plan);
        }
    }

    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ProxyServer> StartAsync(IMachineHost host, string networkId, ProxyPlan plan, CancellationToken cancellationToken)
    {
        var server = new ProxyServer(host, networkId, plan);
        try
        {
            await server._app.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>False for a plan that needs another server.</summary>
    public bool CanFollow(ProxyPlan plan) => plan.Frontend.KeepAlive == Plan.Frontend.KeepAlive && plan.Frontend.Source == Plan.Frontend.Source;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _backends.Dispose();
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelCore()
            .UseSockets(o => o.CreateBoundListenSocket = endpoint => _host.Listen(_networkId, (IPEndPoint)endpoint))
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = null;
                kestrel.Limits.MinRequestBodyDataRate = null;
                kestrel.Limits.MinResponseDataRate = null;
                kestrel.Limits.KeepAliveTimeout = _plan.Frontend.KeepAlive;
                kestrel.Listen(new IPEndPoint(_plan.Frontend.Address, _plan.Frontend.Port), plain => plain.Protocols = HttpProtocols.Http1);
            });
        return builder.Build();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var plan = Plan;
        var target = plan.Frontend.Routing.Find(context.Request.Host.Value ?? "", context.Request.Path.Value ?? "/");
        if (target?.Redirect is { } redirect)
            Redirection.Apply(context, redirect, target.Prefix);
        else if (target?.Choose(Random.Shared.NextDouble()) is not { } name || !plan.Services.TryGetValue(name, out var service))
            await SayAsync(context, StatusCodes.Status404NotFound, "");
        else if (service.Healthy.Count == 0)
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "no healthy upstream");
        else
            await ForwardAsync(context, name, service, service.Healthy[(int)(NextTurn(name) % service.Healthy.Count)], new GoogleHeaders(plan.Frontend.Address, target.Rewrite, target.Prefix));
    }

    private uint NextTurn(ResourceName service) => _turns.AddOrUpdate(service, 0, (_, turn) => turn + 1);

    private async Task ForwardAsync(HttpContext context, ResourceName name, ProxyService service, IPEndPoint backend, GoogleHeaders headers)
    {
        using var request = new RequestUnderWay(name, backend);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(request.Drained);
        patience.CancelAfter(service.Timeout);
        _underWay[request] = true;
        try
        {
            request.Follow(() => Plan); // What has left since the plan was read.
            await ForwardAsync(context, backend, headers, patience, request.Drained);
        }
        finally
        {
            _underWay.TryRemove(request, out _);
        }
    }

    private async Task ForwardAsync(HttpContext context, IPEndPoint backend, GoogleHeaders headers, CancellationTokenSource patience, CancellationToken drained)
    {
        var error = await _forwarder.SendAsync(context, $"http://{backend}/", _backends, WithoutIdleTimeout, headers, patience.Token);
        if (error == ForwarderError.None || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
            return;
        if (drained.IsCancellationRequested)
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "upstream connect error or disconnect/reset before headers. reset reason: connection termination");
        else if (patience.IsCancellationRequested)
            await SayAsync(context, StatusCodes.Status504GatewayTimeout, "upstream request timeout");
        else
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "upstream connect error or disconnect/reset before headers. reset reason: connection failure");
    }

    private static async Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Via = GoogleHeaders.Via;
        if (text.Length == 0)
            return;
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = text.Length;
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var destination = new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port);
        return new NetworkStream(await _host.ConnectAsync(_networkId, SourceOf(Plan.Frontend), destination, machineId: null, cancellationToken), ownsSocket: true);
    }

    /// <summary>One address of the range for each forwarding rule, beyond the first two, which are nobody's.</summary>
    private static IPAddress SourceOf(ProxyFrontend frontend)
    {
        var bytes = frontend.Source.BaseAddress.GetAddressBytes();
        var offset = 2 + (BinaryPrimitives.ReadUInt32BigEndian(frontend.Address.GetAddressBytes()) % 32);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) + offset);
        return new(bytes);
    }
}
