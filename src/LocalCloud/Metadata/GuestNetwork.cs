using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>The web server on Google's side of one network. Its sockets were made inside the network; everything else of it is in this process like any other server.</summary>
internal sealed class GuestNetwork : IAsyncDisposable
{
    /// <summary>Where every machine finds its metadata server.</summary>
    public static readonly IPEndPoint MetadataEndpoint = new(IPAddress.Parse("169.254.169.254"), 80);

    /// <summary>private.googleapis.com, where Google's host names point to inside a network (https://cloud.google.com/vpc/docs/configure-private-google-access).</summary>
    public static readonly IPEndPoint GoogleApisEndpoint = new(IPAddress.Parse("199.36.153.8"), 443);

    private readonly WebApplication _app;
    private readonly NameServer _names;

    private GuestNetwork(WebApplication app, NameServer names) => (_app, _names) = (app, names);

    /// <param name="listen">Makes a bound socket inside the network.</param>
    /// <param name="serveNames">Starts the network's resolver.</param>
    public static async Task<GuestNetwork> StartAsync(
        Func<IPEndPoint, Socket> listen, X509Certificate2 certificate, MetadataServer metadata, GoogleApis apis, Func<NameServer> serveNames, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .UseSockets(o => o.CreateBoundListenSocket = endpoint => listen((IPEndPoint)endpoint))
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(MetadataEndpoint, plain => plain.Protocols = HttpProtocols.Http1);
                kestrel.Listen(GoogleApisEndpoint, secure => secure.UseHttps(certificate));
            });

        var app = builder.Build();
        var stopping = app.Lifetime.ApplicationStopping;
        app.Run(context => context.Request.IsHttps ? apis.HandleAsync(context) : metadata.HandleAsync(context, stopping));
        try
        {
            await app.StartAsync(cancellationToken);
            return new(app, serveNames());
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _names.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
