using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.WebConsole;

/// <summary>
/// The page at <c>/</c> for people with a browser: files without a build step, and two sources for them. <c>/localcloud/console/events</c> sends the whole view as a
/// server-sent event whenever it has changed; <c>/localcloud/console/serial/PATH?start=N</c> answers a machine's serial port.
/// </summary>
/// <param name="head">What stands above the projects: the server itself.</param>
/// <param name="stopping">Ends streams when the server does.</param>
internal sealed class ConsolePage(ConsoleView view, DocumentStore store, DocumentStore operations, IComputeControl control, Func<JsonObject> head, CancellationToken stopping)
{
    private const string Prefix = "/localcloud/console/";
    private const string ResourcePrefix = "Console/";

    // Health is in no document, so it is looked at from time to time.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(15);

    private static readonly Dictionary<string, (string Type, byte[] Content)> Files = new[] { ("index.html", "text/html"), ("console.css", "text/css"), ("console.js", "text/javascript") }
        .ToDictionary(file => file.Item1, file => (file.Item2 + "; charset=utf-8", Read(file.Item1)), StringComparer.Ordinal);

    /// <summary>A browser asks for the root, or the page for what belongs to it. What else asks for the root wants the API.</summary>
    public static bool Owns(HttpRequest request) =>
        request.Path.StartsWithSegments(Prefix.TrimEnd('/'), StringComparison.Ordinal)
        || (request.Path == "/" && HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));

    public Task HandleAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        var path = context.Request.Path == "/" ? "index.html" : context.Request.Path.Value![Prefix.Length..];
        return path switch
        {
            "events" => StreamAsync(context),
            _ when path.StartsWith("serial/", StringComparison.Ordinal) => SerialAsync(context, path["serial/".Length..]),
            _ when Files.TryGetValue(path, out var file) => FileAsync(context, file.Type, file.Content),
            _ => NotFoundAsync(context),
        };
    }

    private static Task FileAsync(HttpContext context, string type, byte[] content)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    private static Task NotFoundAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return context.Response.WriteAsync("The console has no such thing.\n", context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        var sent = "";
        var quiet = TimeSpan.Zero;
        try
        {
            while (true)
            {
                var (resources, running) = (store.Version, operations.Version); // Read first: what changes meanwhile is looked at again.
                var whole = head();
                whole["projects"] = view.Projects();
                var now = whole.ToJsonString();
                if (now != sent)
                    await SendAsync($"data: {now}\n\n");
                else if (quiet >= SignOfLife)
                    await SendAsync(": still here\n\n");
                sent = now;

                await Task.Delay(LeastInterval, end.Token);
                using var waiting = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                await Task.WhenAny(store.WhenChangedAsync(resources, waiting.Token), operations.WhenChangedAsync(running, waiting.Token), Task.Delay(LookInterval, waiting.Token));
                await waiting.CancelAsync();
                quiet += LookInterval;
            }
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the server ends.
        }

        async Task SendAsync(string text)
        {
            quiet = TimeSpan.Zero;
            await context.Response.WriteAsync(text, end.Token);
            await context.Response.Body.FlushAsync(end.Token);
        }
    }

    private Task SerialAsync(HttpContext context, string path)
    {
        _ = long.TryParse(context.Request.Query["start"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var start);
        if (ResourceName.FromLink(path) is not { Collection: "instances" } name || control.ReadSerial(name, start) is not { } output)
            return NotFoundAsync(context);
        var answer = new JsonObject { ["contents"] = output.Contents, ["start"] = output.Start, ["next"] = output.Next };
        return FileAsync(context, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(answer.ToJsonString()));
    }

    private static byte[] Read(string file)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourcePrefix + file)!;
        using var memory = new MemoryStream();
        resource.CopyTo(memory);
        return memory.ToArray();
    }
}
