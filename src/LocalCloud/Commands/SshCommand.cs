using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.LocalCloud.Commands;

/// <summary>
/// <c>local-cloud ssh NAME [-- COMMAND]</c>: runs a command or a shell on a machine, with the terminal that it was called from. There is no SSH in it:
/// it enters the machine's namespaces, which takes root on this host.
/// </summary>
internal static class SshCommand
{
    /// <summary>Makes the rest of a command line a login of the machine's root: its home, and the kind of terminal that it was called from.</summary>
    private static IReadOnlyList<string> Login =>
    [
        "/usr/bin/env", "HOME=/root", "USER=root", "LOGNAME=root", "SHELL=/bin/bash", $"TERM={Environment.GetEnvironmentVariable("TERM") ?? "dumb"}",
        "/bin/bash", "-c", "cd; exec \"$@\"", "ssh",
    ];

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
            return await ExecuteAsync([.. way!.Command, .. Login, .. options.Command.Count > 0 ? options.Command : ["/bin/bash", "--login"]]);
        }
        catch (HttpRequestException unreachable)
        {
            Console.Error.WriteLine($"There is no local cloud at {options.Endpoint}: {unreachable.Message} Start one, or say where it is with --port.");
            return 1;
        }
    }

    // A terminal of its own stands between this one and the machine: what runs there can neither type into this one nor change how it works.
    private static async Task<int> ExecuteAsync(IReadOnlyList<string> command)
    {
        if (!Console.IsInputRedirected && !Console.IsOutputRedirected)
            command = ["script", "--quiet", "--return", "--command", string.Join(' ', command.Select(Quoted)), "/dev/null"];
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false };
        start.Environment["SHELL"] = "/bin/sh";

        // The command gets the signal too, and decides what it means.
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode;
    }

    private static string Quoted(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
