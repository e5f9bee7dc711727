using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace PrimeDeploy.DeployBench;

/// <summary>Stands before the local cloud, passes everything on and keeps what was asked.</summary>
internal sealed class CountingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpMessageInvoker _cloud = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly ConcurrentQueue<Call> _calls = new();
    private readonly Uri _target;

    private CountingProxy(WebApplication app, Uri target) => (_app, _target) = (app, target);

    public Uri Endpoint => new(_app.Urls.Single());

    /// <summary>In the order of arrival.</summary>
    public IReadOnlyList<Call> Calls => [.. _calls];

    public static async Task<CountingProxy> StartAsync(Uri target, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var proxy = new CountingProxy(builder.Build(), target);
        proxy._app.Run(proxy.ForwardAsync);
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _cloud.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        _calls.Enqueue(new Call(DateTimeOffset.UtcNow, context.Request.Method, path.Split('?')[0]));

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_target, path));
        if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers)
            if (name != "Transfer-Encoding" && !request.Headers.TryAddWithoutValidation(name, [.. values]))
                request.Content?.Headers.TryAddWithoutValidation(name, [.. values]);

        using var answer = await _cloud.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
            if (name != "Transfer-Encoding")
                context.Response.Headers[name] = values.ToArray();
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

/// <param name="At">When it came in.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Without the query.</param>
internal sealed record Call(DateTimeOffset At, string Method, string Path);
