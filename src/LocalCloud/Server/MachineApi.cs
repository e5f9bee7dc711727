using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Server;

/// <param name="Instance">Path of the instance.</param>
/// <param name="Command">What root has to run on this host, followed by the command that is to run on the machine.</param>
internal sealed record WayIn(string Instance, IReadOnlyList<string> Command);

/// <summary><c>GET /localcloud/machines/NAME[?project=P&amp;zone=Z]</c>: how to get into an instance's machine.</summary>
internal sealed class MachineApi(DocumentStore store, IComputeControl control)
{
    public const string Prefix = "/localcloud/machines/";

    public async Task HandleAsync(HttpContext context)
    {
        var name = context.Request.Path.Value![Prefix.Length..];
        string? project = context.Request.Query["project"], zone = context.Request.Query["zone"];
        var found = store.List("instances").Select(i => i.Name)
            .Where(i => i.Id == name && (project is null || i.Project == project) && (zone is null || i.Zone == zone)).ToList();
        if (found is [var only] && control.WayInto(only) is { } command)
            await context.Response.WriteAsJsonAsync(new WayIn(only.Path, command), AdminApi.Json, context.RequestAborted);
        else
            await RefuseAsync(context, name, found);
    }

    private static Task RefuseAsync(HttpContext context, string name, List<ResourceName> found)
    {
        context.Response.StatusCode = found.Count == 0 ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict;
        return context.Response.WriteAsync(found.Count switch
        {
            0 => $"There is no instance '{name}' there.\n",
            1 => $"The instance '{found[0]}' does not run, or machines are simulated.\n",
            _ => $"There are several: {string.Join(", ", found)}. Say which with --project and --zone.\n",
        }, context.RequestAborted);
    }
}
