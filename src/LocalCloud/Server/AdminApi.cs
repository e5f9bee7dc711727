using System.Text.Json;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Faults;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>What a local cloud says of itself.</summary>
/// <param name="Machines">namespaces or simulated.</param>
/// <param name="WhyNot">Why machines are simulated; null when they are real.</param>
/// <param name="Init">What machines boot with from now on, light or systemd; null when they are simulated.</param>
/// <param name="Unlimited">What real machines are not limited in on this host, and why.</param>
/// <param name="Resources">How many resources are there that users made: not those that every project has from its beginning.</param>
internal sealed record LocalCloudStatus(
    string Version, int Pid, string StateDirectory, string Machines, string? WhyNot, string? Init, IReadOnlyList<string> Unlimited, DateTimeOffset StartedAt, int Resources);

/// <summary>The server's own endpoints: <c>GET /localcloud/status</c> and <c>POST /localcloud/shutdown[?purge=true]</c>.</summary>
/// <param name="machines">Its endpoint for who wants to get into a machine.</param>
/// <param name="faults">Its endpoints for what is to go wrong on purpose.</param>
/// <param name="countResources">How many resources of users there are.</param>
/// <param name="requestStop">Has the server stopped once this answer is out; with true, every machine, network and file goes too. It is over when the process has ended.</param>
internal sealed class AdminApi(LocalCloudServer server, FaultsApi faults, MachineApi machines, Func<int> countResources, Action<bool> requestStop)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly string Version = typeof(AdminApi).Assembly.GetName().Version?.ToString(3) ?? "0";

    private bool AreReal => server.Machines.Kind == MachineKind.Namespaces;

    private string? Init => AreReal ? server.Options.Init.ToString().ToLowerInvariant() : null;

    public async Task HandleAsync(HttpContext context)
    {
        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", "/localcloud/status"):
                await context.Response.WriteAsJsonAsync(Status(), Json, context.RequestAborted);
                break;
            case ("POST", "/localcloud/shutdown"):
                await context.Response.WriteAsJsonAsync(Status(), Json, CancellationToken.None);
                await context.Response.CompleteAsync();
                requestStop(string.Equals(context.Request.Query["purge"], "true", StringComparison.OrdinalIgnoreCase));
                break;
            case ("GET", { } path) when path.StartsWith(MachineApi.Prefix, StringComparison.Ordinal):
                await machines.HandleAsync(context);
                break;
            case var _ when await faults.HandleAsync(context):
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await context.Response.WriteAsync("There are GET /localcloud/status, POST /localcloud/shutdown[?purge=true], GET /localcloud/machines/NAME, /localcloud/faults, /localcloud/latency and /localcloud/limits/PROJECT.\n", context.RequestAborted);
                break;
        }
    }

    /// <summary>The status as the console shows it.</summary>
    public JsonObject Head() => new()
    {
        ["version"] = Version,
        ["endpoint"] = server.Endpoint.ToString().TrimEnd('/'),
        ["stateDirectory"] = Path.GetFullPath(server.Options.StateDirectory),
        ["machines"] = AreReal ? "namespaces" : "simulated",
        ["notes"] = new JsonArray([.. server.Machines.Unlimited.Prepend(server.Machines.WhyNot).OfType<string>().Select(note => (JsonNode)note)]),
    };

    private LocalCloudStatus Status() => new(
        Version, Environment.ProcessId, Path.GetFullPath(server.Options.StateDirectory),
        AreReal ? "namespaces" : "simulated", server.Machines.WhyNot, Init, server.Machines.Unlimited, server.StartedAt, countResources());
}
