using System.Text.Json;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>Finds out who has a port that the server could not have.</summary>
internal static class PortOwner
{
    /// <returns>One message for the user.</returns>
    public static async Task<string> DescribeAsync(int port, string reason, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
            var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/localcloud/status"), cancellationToken);
            if (JsonSerializer.Deserialize<LocalCloudStatus>(text, AdminApi.Json) is { StateDirectory: not null } status)
                return $"Port {port} is taken by the local cloud of {status.StateDirectory} (process id {status.Pid}). Use that one, stop it, or choose another port with --port.";
        }
        catch (Exception unknown) when (unknown is HttpRequestException or TaskCanceledException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }
        return $"Port {port} on 127.0.0.1 cannot be had: {reason} Stop what listens there, or choose another port with --port.";
    }
}
