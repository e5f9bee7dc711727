using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace PrimeDeploy.Substitutes.Tests;

/// <summary>What a client sent, its body inflated.</summary>
public sealed record SentRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>What the server answers.</summary>
public sealed record Answer(int Status, string Body = "", string ContentType = "application/json")
{
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static Answer Json(string body) => new(200, body);
}

/// <summary>A real HTTP server on a port of its own, which answers as a test tells it and remembers what it was asked.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SentRequest> _requests = new();

    private LoopbackServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public SentRequest[] Requests => [.. _requests];

    public SentRequest Request => _requests.Single();

    /// <summary>Answers with each of these in turn, and then with the last again and again.</summary>
    public static Task<LoopbackServer> AnsweringAsync(params Answer[] answers)
    {
        var next = new ConcurrentQueue<Answer>(answers[..^1]);
        return StartAsync((_, _) => Task.FromResult(next.TryDequeue(out var answer) ? answer : answers[^1]));
    }

    public static Task<LoopbackServer> StartAsync(Func<SentRequest, Answer> answer) =>
        StartAsync((request, _) => Task.FromResult(answer(request)));

    public static async Task<LoopbackServer> StartAsync(Func<SentRequest, CancellationToken, Task<Answer>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new LoopbackServer(builder.Build());
        server._app.Run(context => server.ServeAsync(context, answer));
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context, Func<SentRequest, CancellationToken, Task<Answer>> answer)
    {
        var request = new SentRequest(
            context.Request.Method,
            context.Features.Get<IHttpRequestFeature>()!.RawTarget,
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await BodyAsync(context.Request));
        _requests.Enqueue(request);

        var response = await answer(request, context.RequestAborted);
        context.Response.StatusCode = response.Status;
        context.Response.ContentType = response.ContentType;
        foreach (var (name, value) in response.Headers)
            context.Response.Headers[name] = value;
        if (response.Status != StatusCodes.Status204NoContent)
            await context.Response.WriteAsync(response.Body, context.RequestAborted);
    }

    private static async Task<string> BodyAsync(HttpRequest request)
    {
        var stream = request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(request.Body, CompressionMode.Decompress)
            : request.Body;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
