using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>Answers http://169.254.169.254/computeMetadata/v1/… for the machines of one network (https://cloud.google.com/compute/docs/metadata/overview).</summary>
internal sealed partial class MetadataServer(
    ResourceName network, DocumentStore documents, MetadataTree tree, GuestAttributeStore guestAttributes, TimeProvider time)
{
    private const string Flavor = "Metadata-Flavor";
    private const string Root = "/computeMetadata/v1";
    private const string GuestAttributesPath = "instance/guest-attributes";

    // Sizes in the documentation contradict each other; this is the largest of them.
    private const int MaxGuestAttributeBytes = 128 * 1024;

    /// <param name="stopping">Ends long polls, so that the server can stop.</param>
    public async Task HandleAsync(HttpContext context, CancellationToken stopping)
    {
        var answer = await AnswerAsync(context, stopping);
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers[Flavor] = "Google";
        response.Headers.Server = "Metadata Server for VM";
        if (answer.EntityTag is not null)
            response.Headers.ETag = answer.EntityTag;
        response.ContentType = answer.ContentType;
        var body = Encoding.UTF8.GetBytes(answer.Body);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    private async Task<MetadataAnswer> AnswerAsync(HttpContext context, CancellationToken stopping)
    {
        var request = context.Request;
        var path = DoubleSlashes().Replace(request.Path.Value ?? "/", "/");
        // Whoever looks whether this is Compute Engine may ask here without the header.
        if (path == "/")
            return MetadataAnswer.Text("computeMetadata/\n");
        if (request.Headers[Flavor] != "Google")
            return MetadataAnswer.Error(StatusCodes.Status403Forbidden, "Your client does not have permission to get URL " + path + " from this server. Missing Metadata-Flavor:Google header.");
        if (request.Headers.ContainsKey("X-Forwarded-For"))
            return MetadataAnswer.Error(StatusCodes.Status403Forbidden, "Requests that were forwarded (X-Forwarded-For) are not answered.");
        if (path is "/computeMetadata" or "/computeMetadata/")
            return MetadataAnswer.Text("v1/\n");
        if (!path.StartsWith(Root + "/", StringComparison.Ordinal) && path != Root)
            return MetadataAnswer.NotFound(path);
        if (Caller(context.Connection.RemoteIpAddress) is not { } instance)
            return MetadataAnswer.NotFound(path);

        path = path[Root.Length..].TrimStart('/');
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return await ReadAsync(instance, path, request, stopping);
        return path.StartsWith(GuestAttributesPath, StringComparison.Ordinal)
            ? await WriteAsync(instance, path[GuestAttributesPath.Length..], request)
            : MetadataAnswer.Error(StatusCodes.Status405MethodNotAllowed, $"{request.Method} is only possible on {GuestAttributesPath}.");
    }

    private async Task<MetadataAnswer> ReadAsync(ResourceName instance, string path, HttpRequest request, CancellationToken stopping)
    {
        var query = request.Query;
        var read = new MetadataRead(path, IsTrue(query["recursive"]), query["alt"], query);
        if (!IsTrue(query["wait_for_change"]))
            return Answer(instance, read);

        using var patience = long.TryParse(query["timeout_sec"], out var seconds)
            ? new CancellationTokenSource(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue)), time)
            : new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, request.HttpContext.RequestAborted, stopping);
        var seen = query["last_etag"].ToString();
        while (true)
        {
            // In this order: what changes after the answer was made wakes the wait.
            using var round = CancellationTokenSource.CreateLinkedTokenSource(ended.Token);
            var version = documents.Version;
            var attributesChanged = guestAttributes.WhenChangedAsync(round.Token);
            var answer = Answer(instance, read);
            if (answer.Status == StatusCodes.Status200OK && !answer.CanWait)
                return MetadataAnswer.Error(StatusCodes.Status400BadRequest, "wait_for_change needs a value, or a directory with recursive=true.");
            if (answer.Status != StatusCodes.Status200OK || (seen.Length > 0 && answer.EntityTag != seen))
                return answer;
            if (ended.IsCancellationRequested)
                return answer;
            seen = answer.EntityTag!;
            await Task.WhenAny(documents.WhenChangedAsync(version, round.Token), attributesChanged);
            await round.CancelAsync();
        }
    }

    private MetadataAnswer Answer(ResourceName instance, MetadataRead read)
    {
        if (read.Path.StartsWith(GuestAttributesPath, StringComparison.Ordinal) && !AreGuestAttributesEnabled(instance))
            return GuestAttributesDisabled();
        return tree.Build(instance) is { } root ? read.Of(root) : MetadataAnswer.NotFound(read.Path);
    }

    private async Task<MetadataAnswer> WriteAsync(ResourceName instance, string path, HttpRequest request)
    {
        if (!AreGuestAttributesEnabled(instance) || documents.Find(instance)?.Text("id") is not { } id)
            return GuestAttributesDisabled();
        if (GuestAttributePath().Match(path) is not { Success: true } match)
            return MetadataAnswer.Error(
                StatusCodes.Status400BadRequest, $"'{path.TrimStart('/')}' is no NAMESPACE/KEY; letters, digits, '_' and '-' are allowed in both.");
        var (space, key) = (match.Groups["space"].Value, match.Groups["key"].Value);

        if (HttpMethods.IsDelete(request.Method))
            return guestAttributes.Remove(id, space, key) ? MetadataAnswer.Text("") : MetadataAnswer.NotFound(path);
        if (!HttpMethods.IsPut(request.Method) && !HttpMethods.IsPost(request.Method))
            return MetadataAnswer.Error(StatusCodes.Status405MethodNotAllowed, $"{request.Method} is not possible on guest attributes; GET, PUT and DELETE are.");

        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        var buffer = new char[MaxGuestAttributeBytes + 1];
        var length = await reader.ReadBlockAsync(buffer, request.HttpContext.RequestAborted);
        if (length > MaxGuestAttributeBytes)
            return MetadataAnswer.Error(StatusCodes.Status413PayloadTooLarge, $"The value is longer than {MaxGuestAttributeBytes} bytes.");
        guestAttributes.Keep(documents.List("instances").Select(d => d.Json.Text("id")).OfType<string>().ToHashSet(StringComparer.Ordinal));
        guestAttributes.Put(id, space, key, new(buffer, 0, length));
        return MetadataAnswer.Text("");
    }

    /// <summary>The machine of this network that has the address the request came from.</summary>
    private ResourceName? Caller(IPAddress? source)
    {
        var address = source is { IsIPv4MappedToIPv6: true } ? source.MapToIPv4() : source;
        var text = address?.ToString();
        foreach (var (name, json) in documents.List("instances"))
            foreach (var nic in json.Objects("networkInterfaces"))
                if (nic.Text("networkIP") == text && ResourceName.FromLink(nic.Text("network")) == network)
                    return name;
        return null;
    }

    private bool AreGuestAttributesEnabled(ResourceName instance) =>
        documents.Find(instance) is { } json && MetadataTree.AreGuestAttributesEnabled(json, documents.Find(ResourceName.OfProject(instance.Project)));

    private static MetadataAnswer GuestAttributesDisabled() =>
        MetadataAnswer.Error(StatusCodes.Status403Forbidden, "Guest attributes endpoint access is disabled.");

    private static bool IsTrue(string? value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("/{2,}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DoubleSlashes();

    [GeneratedRegex("^/(?<space>[A-Za-z0-9_-]+)/(?<key>[A-Za-z0-9_-]+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex GuestAttributePath();
}
