using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>What backend and frontend share: a Kestrel with limits, and an orderly end.</summary>
internal static class WebProgram
{
    /// <summary>The settings of every role that listens.</summary>
    internal static readonly Setting[] Settings =
    [
        new("listen", "http://ADDRESS:PORT", "The address to listen on; port 0 takes a free one.", "http://0.0.0.0:80"),
        new("drain-delay", "SECONDS", "How long after SIGTERM new connections are still taken while /healthz fails already, 0 to 60.", "2"),
        new("drain-limit", "SECONDS", "How long after that requests in flight may take to finish, 0 to 600.", "10"),
    ];

    /// <summary>Builds the program around the one function that answers; the caller starts it.</summary>
    internal static WebApplication Build(IPEndPoint listen, DrainLimits limits, Func<Drain, RequestDelegate> answer, TimeProvider? time = null)
    {
        // The empty builder reads no configuration files: they would make it watch its folder, and the arguments are read already.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, listen)).UseSockets(Hasten);
        Log(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = limits.Limit);
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(limits);
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddSingleton<IHostLifetime>(services => services.GetRequiredService<Drain>());

        var app = builder.Build();
        app.Run(answer(app.Services.GetRequiredService<Drain>()));
        return app;
    }

    /// <summary>Runs until it is told to stop.</summary>
    internal static async Task<int> RunAsync(WebApplication app, string role)
    {
        await using (app)
        {
            var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("primes");
            await app.StartAsync();
            logger.Listens(role, app.Urls.First(), Reply.ServedBy);
            await app.WaitForShutdownAsync();
            logger.Ended(role);
        }

        return 0;
    }

    /// <summary>A line of JSON per event on standard output; requests are counted, not logged.</summary>
    private static void Log(ILoggingBuilder logging) => logging
        .AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        })
        .AddFilter("Microsoft", LogLevel.Warning)
        // That it cannot start the program says itself, in one sentence.
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
        // Its mere being enabled makes an activity for every request. What an answer throws Kestrel logs as well.
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

    /// <summary>
    /// Answers where a request arrives, without a change of threads: a third less work for a connection that has the server to itself.
    /// It is called unsafe because an answer that blocks keeps other connections waiting; ours take some 100 µs at most, and what takes longer is done aside.
    /// </summary>
    private static void Hasten(SocketTransportOptions sockets) => sockets.UnsafePreferInlineScheduling = true;

    private static void Limit(KestrelServerOptions kestrel, IPEndPoint listen)
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);

        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = 10_000;
        limits.MaxRequestLineSize = 8_192;
        limits.MaxRequestHeadersTotalSize = 8_192;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestBodySize = 0;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
        // Longer than a frontend keeps an idle connection, so that the server is never the one who closes it under a request.
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
    }
}
