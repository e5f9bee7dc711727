using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using PrimeDeploy.LocalCloud.Operations;
using PrimeDeploy.LocalCloud.Projects;

namespace PrimeDeploy.LocalCloud.Faults;

/// <summary>
/// The endpoints below <c>/localcloud/</c> that make the server misbehave: <c>faults</c> (GET lists, POST adds one or an array, DELETE takes all
/// back), <c>faults/ID</c> (DELETE), <c>latency</c> (GET, PUT), and <c>limits/PROJECT</c> (GET, PUT).
/// </summary>
internal sealed class FaultsApi(FaultRegistry faults, Latency latency, LimitsTable limits)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private sealed record LatencyDocument(string? Profile);

    private sealed record FaultList(IReadOnlyList<FaultReport> Faults);

    /// <returns>False when it is none of these endpoints.</returns>
    public async Task<bool> HandleAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").TrimEnd('/').Split('/')[2..];
        try
        {
            switch (context.Request.Method, path)
            {
                case ("GET", ["faults"]):
                    await AnswerAsync(context, 200, new FaultList(faults.List()));
                    return true;
                case ("POST", ["faults"]):
                    await AnswerAsync(context, 201, new FaultList(faults.Add(await ReadAsync(context))));
                    return true;
                case ("DELETE", ["faults"]):
                    faults.Clear();
                    await AnswerAsync(context, 200, new FaultList(faults.List()));
                    return true;
                case ("DELETE", ["faults", var id]):
                    await AnswerAsync(context, int.TryParse(id, out var number) && faults.Remove(number) ? 200 : 404, new FaultList(faults.List()));
                    return true;
                case ("GET", ["latency"]):
                    await AnswerAsync(context, 200, new LatencyDocument(latency.Profile.Name));
                    return true;
                case ("PUT", ["latency"]):
                    latency.Profile = await ReadLatencyAsync(context);
                    await AnswerAsync(context, 200, new LatencyDocument(latency.Profile.Name));
                    return true;
                case ("GET", ["limits", var project]):
                    await AnswerAsync(context, 200, limits.Of(project));
                    return true;
                case ("PUT", ["limits", var project]):
                    limits.Set(project, await JsonSerializer.DeserializeAsync<ProjectLimits>(context.Request.Body, Json, context.RequestAborted)
                        ?? throw new JsonException("The body has to be an object with quotas, disabledServices and deniedPermissions."));
                    await AnswerAsync(context, 200, limits.Of(project));
                    return true;
                default:
                    return false;
            }
        }
        catch (JsonException wrong)
        {
            await AnswerAsync(context, 400, new { error = wrong.Message });
            return true;
        }
    }

    private static async Task<IReadOnlyList<Fault>> ReadAsync(HttpContext context)
    {
        IReadOnlyList<Fault> added = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) switch
        {
            JsonArray many => many.Deserialize<IReadOnlyList<Fault>>(Json)!,
            JsonObject one => [one.Deserialize<Fault>(Json)!],
            _ => throw new JsonException("The body has to be a fault, or an array of them."),
        };
        return added.SelectMany(FaultRules.Check).ToList() is { Count: > 0 } problems ? throw new JsonException(string.Join(' ', problems)) : added;
    }

    private static async Task<LatencyProfile> ReadLatencyAsync(HttpContext context)
    {
        var name = (await JsonSerializer.DeserializeAsync<LatencyDocument>(context.Request.Body, Json, context.RequestAborted))?.Profile;
        return LatencyProfile.Find(name) ?? throw new JsonException($"profile is '{name}'. Allowed are {string.Join(" and ", LatencyProfile.All.Select(p => p.Name))}.");
    }

    private static Task AnswerAsync<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, Json, context.RequestAborted);
    }
}
