using System.Diagnostics;
using System.Net.Http.Json;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.LocalCloud.Commands;

/// <summary>
/// <c>local-cloud ssh NAME [-- COMMAND]</c>: runs a command or a shell on a machine, with the terminal that it was called from. There is no SSH in it:
/// it enters the machine's namespaces, which takes root on this host.
/// </summary>
internal static class SshCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var options = ClientOptions.Parse(arguments, takesName: true);
        foreach (var error in options.Errors)
            Console.Error.WriteLine(error);
        if (options.Errors.Count > 0)
            return 2;
        try
        {
            using var http = new HttpClient { BaseAddress = options.Endpoint };
            var query = string.Join('&', new[] { ("project", options.Project), ("zone", options.Zone) }.Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));
            using var answer = await http.GetAsync(new Uri($"localcloud/machines/{Uri.EscapeDataString(options.Name!)}?{query}", UriKind.Relative), cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                Console.Error.WriteLine((await answer.Content.ReadAsStringAsync(cancellationToken)).TrimEnd());
                return 1;
            }
            var way = await answer.Content.ReadFromJsonAsync<WayIn>(AdminApi.Json, cancellationToken);
            return await ExecuteAsync([.. way!.Command, .. options.Command.Count > 0 ? options.Command : ["/bin/bash", "-l"]]);
        }
        catch (HttpRequestException unreachable)
        {
            Console.Error.WriteLine($"There is no local cloud at {options.Endpoint}: {unreachable.Message} Start one, or say where it is with --port.");
            return 1;
        }
    }

    /// <summary>Signals of the terminal reach the command itself: it is in the same process group.</summary>
    private static async Task<int> ExecuteAsync(IReadOnlyList<string> command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false })!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }
}
