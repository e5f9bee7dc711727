using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace PrimeDeploy.Deployer.Tests;

/// <summary>
/// Stands between the Deployer and a cloud: writes down every request, and can answer in the cloud's stead or lose its answer.
/// </summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();

    private FaultyProxy(WebApplication app, HttpClient client)
    {
        _app = app;
        _client = client;
    }

    /// <summary>What to do with a request instead of only passing it on; null for nothing.</summary>
    public Func<ProxiedRequest, Fault?> Faults { get; set; } = _ => null;

    /// <summary>Waited for before a request is passed on.</summary>
    public Func<ProxiedRequest, Task> Hold { get; set; } = _ => Task.CompletedTask;

    /// <summary>Waited for when the cloud has acted, before its answer is passed on.</summary>
    public Func<ProxiedRequest, Task> HoldAnswer { get; set; } = _ => Task.CompletedTask;

    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Everything that was asked, in the order of arrival.</summary>
    public IReadOnlyList<ProxiedRequest> Requests => [.. _requests];

    /// <summary>What comes from now on is what <see cref="Requests"/> begin with.</summary>
    public void Forget() => _requests.Clear();

    public static async Task<FaultyProxy> StartAsync(Uri cloud)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = cloud,
            Timeout = TimeSpan.FromSeconds(130) };
        var proxy = new FaultyProxy(app, client);
        app.Run(proxy.HandleAsync);
        await app.StartAsync();
        proxy.Endpoint = new Uri(app.Urls.Single());
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var request = new ProxiedRequest(context.Request.Method, target.Split('?')[0], context.Request.Query["requestId"]!, body.Length);
        _requests.Enqueue(request);

        await Hold(request);
        var fault = Faults(request);
        if (fault is { Status: { } status })
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(fault.Body ?? $$$"""{"error":{"code":{{{status}}},"message":"made by the test","errors":[{"message":"made by the test","domain":"global","reason":"backendError"}]}}""");
            return;
        }

        using var message = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_client.BaseAddress!, target));
        if (body.Length > 0 || context.Request.ContentLength is not null)
        {
            message.Content = new ByteArrayContent(body.ToArray());
            foreach (var header in context.Request.Headers.Where(header =>
                header.Key.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)))
                message.Content.Headers.TryAddWithoutValidation(header.Key, [.. header.Value]);
        }
        foreach (var header in context.Request.Headers.Where(header => header.Key.StartsWith("X-", StringComparison.OrdinalIgnoreCase)))
            message.Headers.TryAddWithoutValidation(header.Key, [.. header.Value]);
        message.Headers.Host = context.Request.Host.Value;

        using var response = await _client.SendAsync(message);
        await HoldAnswer(request);
        if (fault is { LosesAnswer: true })
        {
            context.Abort();
            return;
        }
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(header =>
            header.Key is not ("Transfer-Encoding" or "Connection")))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        await response.Content.CopyToAsync(context.Response.Body);
    }
}

/// <param name="Method">POST.</param>
/// <param name="Path">Without the query.</param>
/// <param name="RequestId">Of a mutation of Compute Engine; otherwise null.</param>
/// <param name="Length">Bytes of its body.</param>
internal sealed record ProxiedRequest(string Method, string Path, string? RequestId, long Length);

/// <summary>What goes wrong with one request.</summary>
/// <param name="Status">Answered instead of the cloud, which never sees it; null to pass it on.</param>
/// <param name="Body">With the status; null for a plain error.</param>
/// <param name="LosesAnswer">The cloud does what it is asked, but the connection breaks before the answer.</param>
internal sealed record Fault(int? Status = null, string? Body = null, bool LosesAnswer = false);
