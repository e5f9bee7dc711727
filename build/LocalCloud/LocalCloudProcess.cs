using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Cake.Core;
using PrimeDeploy.Build.Settings;

namespace PrimeDeploy.Build.LocalCloud;

/// <summary>The local cloud of this checkout as a process of its own, which stays when the build ends.</summary>
/// <param name="Endpoint">Where its API is.</param>
/// <param name="Status">What it said of itself when it was found or started.</param>
/// <param name="Started">It was started now, rather than found running.</param>
internal sealed record LocalCloudProcess(Uri Endpoint, LocalCloudStatus Status, bool Started)
{
    private const string ReadyLine = "Local cloud ready at ";

    /// <returns>The local cloud that runs on this state folder, or null.</returns>
    public static async Task<LocalCloudProcess?> FindAsync(LocalCloudSettings settings, CancellationToken cancellationToken)
    {
        if (await OwnerAsync(Path.Combine(settings.State, "server.json"), cancellationToken) is not { } owner)
            return null;
        // The folder tells a server of this checkout from one of another that got the same port since.
        return await LocalCloudStatus.AskAsync(owner.Endpoint, cancellationToken) is { } status && status.StateDirectory == settings.State
            ? new LocalCloudProcess(owner.Endpoint, status, Started: false)
            : null;
    }

    /// <summary>Starts the server in a session of its own, so that neither the end of the build nor Ctrl-C reaches it, and waits for its word that it is ready.</summary>
    /// <exception cref="CakeException">It ended instead; the message has what it said.</exception>
    public static async Task<LocalCloudProcess> StartAsync(string program, LocalCloudSettings settings, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(settings.State);
        var log = Path.Combine(settings.State, "server.log");
        string[] command =
        [
            "dotnet", program, "--state", settings.State,
            .. Option("--port", settings.Port?.ToString()), .. Option("--machines", settings.Machines), .. Option("--init", settings.Init),
            .. Option("--latency", settings.Latency),
        ];

        using var process = Process.Start(Detached(command, log)) ?? throw new CakeException("The local cloud did not start.");
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith(ReadyLine, StringComparison.Ordinal))
                continue;
            var endpoint = new Uri(line[ReadyLine.Length..].Trim());
            var status = await LocalCloudStatus.AskAsync(endpoint, cancellationToken) ?? throw new CakeException($"The local cloud at {endpoint} does not answer. Its log: {log}");
            return new LocalCloudProcess(endpoint, status, Started: true);
        }
        throw new CakeException($"The local cloud did not start:\n{(File.Exists(log) ? File.ReadAllText(log).Trim() : "it said nothing.")}");
    }

    /// <summary>Gives it the latency that is asked for. Port, machines and their init cannot change while it runs.</summary>
    /// <exception cref="CakeException">It has another port, other machines or another init than those asked for.</exception>
    public async Task AgreeAsync(LocalCloudSettings settings, CancellationToken cancellationToken)
    {
        List<string> others = [];
        if (settings.Port is { } port and not 0 && port != Endpoint.Port)
            others.Add($"{Setting.Port.Argument}: it has port {Endpoint.Port}, not {port}.");
        if (settings.Machines is { } machines && machines == "none" != Status.Simulated)
            others.Add($"{Setting.Machines.Argument}: its machines are {(Status.Simulated ? "simulated" : "namespaces")}, not {machines}.");
        if (settings.Init is { } init && init != (Status.Init ?? "light"))
            others.Add($"{Setting.Init.Argument}: its machines {(Status.Init is null ? "are simulated and boot with nothing" : $"boot with {Status.Init}")}, not {init}.");
        if (others.Count > 0)
        {
            throw new CakeException($"A local cloud runs in {settings.State} at {Endpoint} and is not as asked for:\n  {string.Join("\n  ", others)}\n"
                + "Leave that out to use it as it is, or end it first: ./build.sh --target=Teardown");
        }
        if (settings.Latency is null)
            return;
        using var http = new HttpClient();
        using var answer = await http.PutAsJsonAsync(new Uri(Endpoint, "/localcloud/latency"), new { Profile = settings.Latency }, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Removes every machine, namespace and file of this local cloud, ends it, and waits until its process is gone.</summary>
    public async Task PurgeAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri(Endpoint, "/localcloud/shutdown?purge=true"), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        try
        {
            using var process = Process.GetProcessById(Status.Pid);
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    /// <returns>Who holds the folder, or null; a killed server's file may still be there.</returns>
    private static async Task<Owner?> OwnerAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<Owner>(await File.ReadAllTextAsync(file, cancellationToken));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Owner(int Pid, Uri Endpoint);

    private static string[] Option(string name, string? value) => value is null ? [] : [name, value];

    /// <summary>A shell, because only it can give a child another file as standard error; every word of the command is passed as an argument of its own.</summary>
    private static ProcessStartInfo Detached(string[] command, string log) => OperatingSystem.IsWindows()
        ? new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, CreateNoWindow = true }
        : new ProcessStartInfo("/bin/sh", ["-c", """exec setsid "$@" 2>"$0" </dev/null""", log, .. command]) { UseShellExecute = false, RedirectStandardOutput = true };
}
