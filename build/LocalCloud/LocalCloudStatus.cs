using System.Net.Http.Json;
using System.Text.Json;

namespace PrimeDeploy.Build.LocalCloud;

/// <summary>What a local cloud says of itself at <c>/localcloud/status</c>.</summary>
/// <param name="Machines">namespaces, or simulated.</param>
/// <param name="WhyNot">Why machines are only simulated; null when they are real.</param>
/// <param name="Init">What machines boot with, light or systemd; null when they are simulated.</param>
/// <param name="Resources">How many resources users made that are still there.</param>
internal sealed record LocalCloudStatus(int Pid, string StateDirectory, string Machines, string? WhyNot, string? Init, int Resources)
{
    /// <summary>Where nobody listens, the answer comes at once; one that was just started on a busy computer may take its time.</summary>
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(1) };

    public bool Simulated => Machines != "namespaces";

    /// <returns>Null when nobody answers there, or somebody who is no local cloud.</returns>
    public static async Task<LocalCloudStatus?> AskAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            return await Http.GetFromJsonAsync<LocalCloudStatus>(new Uri(endpoint, "/localcloud/status"), JsonSerializerOptions.Web, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
