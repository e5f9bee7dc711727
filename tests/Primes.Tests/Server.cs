using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using PrimeDeploy.Primes.Backend;
using PrimeDeploy.Primes.Frontend;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Tests;

/// <summary>A role, or a stand-in for a backend that misbehaves, on a free port of loopback.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly WebServer server;

    private Server(WebServer server)
    {
        this.server = server;
        Client = new HttpClient { BaseAddress = Address };
    }

    internal Uri Address => server.Address;

    internal HttpClient Client { get; }

    internal Drain Drain => server.Drain;

    internal Task Ended => server.Ended;

    internal static Task<Server> BackendAsync(DrainLimits? limits = null, int port = 0, int connections = 10_000)
    {
        var calculator = new PrimeCalculator(Environment.ProcessorCount);
        return StartAsync(drain => BackendRole.Answer(drain, calculator, TimeProvider.System), limits, port, connections);
    }

    internal static Task<Server> FrontendAsync(Uri upstream, TimeSpan? pageDeadline = null, TimeSpan? tryLimit = null)
    {
        var client = new Upstream(upstream, tryLimit ?? TimeSpan.FromSeconds(5), TimeProvider.System);
        var handler = new FrontendHandler(client, pageDeadline ?? TimeSpan.FromSeconds(30), TimeProvider.System);
        return StartAsync(drain => Gate.Before(drain, handler.AnswerAsync));
    }

    internal static Task<Server> StartAsync(RequestDelegate answer) => StartAsync(_ => answer);

    /// <summary>Sends bytes as they are and reads until the server closes the connection.</summary>
    internal async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await server.DisposeAsync();
    }

    private static async Task<Server> StartAsync(Func<Drain, RequestDelegate> answer, DrainLimits? limits = null, int port = 0, int connections = 10_000) =>
        new(await WebServer.StartAsync(new IPEndPoint(IPAddress.Loopback, port), limits ?? new DrainLimits(TimeSpan.Zero, TimeSpan.FromSeconds(1)), answer, connections));
}
