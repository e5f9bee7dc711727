using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Asks two other APIs what Compute Engine and Cloud Storage only say by refusing: which APIs are enabled, and what the caller may do. They
/// may be off, or forbidden: then it is not known, and that is no problem.
/// </summary>
internal static class ProjectAccess
{
    /// <summary>One answer is enough: what is not known now is found out by the calls that need it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Which of the APIs are not enabled (https://cloud.google.com/service-usage/docs/reference/rest/v1/services/batchGet).</summary>
    public static async Task<IReadOnlyList<string>> DisabledAsync(
        CloudApi api, IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        var names = services.Select(service => $"names=projects/{api.Project}/services/{service}");
        var answer = await AskAsync(api, HttpMethod.Get, "serviceusage.googleapis.com",
            $"v1/projects/{api.Project}/services:batchGet?{string.Join('&', names)}", null, cancellationToken);
        return [.. from service in answer?["services"] as JsonArray ?? []
                   where (string?)service?["state"] == "DISABLED"
                   select (string?)service["config"]?["name"]];
    }

    /// <summary>
    /// Which of the permissions the caller does not have in the project
    /// (https://cloud.google.com/resource-manager/reference/rest/v3/projects/testIamPermissions); at most a hundred at once.
    /// </summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(
        CloudApi api, IReadOnlyList<string> permissions, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["permissions"] = new JsonArray([.. permissions.Select(permission => (JsonNode)permission)]) };
        var answer = await AskAsync(api, HttpMethod.Post, "cloudresourcemanager.googleapis.com",
            $"v3/projects/{api.Project}:testIamPermissions", body, cancellationToken);
        if (answer is null) return [];
        // Without a single permission the member is not there.
        var granted = (answer["permissions"] as JsonArray ?? []).Select(permission => (string?)permission).ToHashSet();
        return [.. permissions.Where(permission => !granted.Contains(permission))];
    }

    /// <returns>Null when there was no answer that tells.</returns>
    private static async Task<JsonNode?> AskAsync(
        CloudApi api, HttpMethod method, string service, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(api.Cloud.Endpoint ?? new Uri($"https://{service}/"), "/" + path));
        if (body is not null) request.Content = JsonContent.Create(body);
        using var limit = new CancellationTokenSource(Limit, api.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await api.Cloud.Http.SendAsync(request, either.Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonNode>(either.Token) : null;
        }
        // Whatever is in the way, credentials that are not there too, the calls that need it say it better.
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
