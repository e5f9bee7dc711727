using System.Diagnostics;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Machines.Namespaces;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.LocalCloud.Commands;

/// <summary>
/// <c>local-cloud purge [--state DIR]</c>: nothing is left of a state directory, whether a server runs on it, was killed, or the directory was deleted under its machines.
/// </summary>
internal static class PurgeCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var command = CommandLine.Parse(arguments);
        foreach (var error in command.Errors)
            Console.Error.WriteLine(error);
        if (command.Options?.StateDirectory is not { } directory)
            return 2;

        try
        {
            if (StateLock.OwnerOf(directory) is { } owner)
                await EndAsync(owner, cancellationToken);
            else if (Directory.Exists(directory))
                await RemoveAsync(directory, cancellationToken);
            if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
                foreach (var abandoned in await HostRegister.RemoveAbandonedAsync(cancellationToken))
                    Console.WriteLine($"Removed what was left of {abandoned}");
            return 0;
        }
        catch (LocalCloudStartException refused)
        {
            Console.Error.WriteLine(refused.Message);
            return 1;
        }
    }

    private static async Task EndAsync(StateLock.Owner owner, CancellationToken cancellationToken)
    {
        using var server = Process.GetProcessById(owner.Pid);
        using var http = new HttpClient();
        using var answer = await http.PostAsync(new Uri($"{owner.Endpoint}/localcloud/shutdown?purge=true"), content: null, cancellationToken);
        answer.EnsureSuccessStatusCode();
        await server.WaitForExitAsync(cancellationToken);
    }

    private static async Task RemoveAsync(string directory, CancellationToken cancellationToken)
    {
        using (StateLock.Take(directory))
        {
            await using var host = await MachineHost.OpenAsync(directory, MachineMode.Namespaces, MachineInit.Light, TimeProvider.System, cancellationToken);
            await host.PurgeAsync(cancellationToken);
        }

        Directory.Delete(directory, recursive: true);
    }
}
