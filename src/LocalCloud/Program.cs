using System.Runtime.InteropServices;
using PrimeDeploy.LocalCloud.Commands;
using PrimeDeploy.LocalCloud.Server;

switch (args)
{
    case ["env", .. var rest]:
        return EnvCommand.Run(rest);
    case ["ssh", .. var rest]:
        return await SshCommand.RunAsync(rest, CancellationToken.None);
    case ["purge", .. var rest]:
        return await PurgeCommand.RunAsync(rest, CancellationToken.None);
}

var command = CommandLine.Parse(args);
if (command.IsHelp)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}
if (command.Options is not { } options)
{
    foreach (var error in command.Errors)
        Console.Error.WriteLine(error);
    return 2;
}

using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await using var server = await LocalCloudServer.StartAsync(options with { Logging = ServerLog.ToStandardError }, stop.Token);
    if (server.Machines.WhyNot is { } reason)
        Console.Error.WriteLine($"Warning: machines are simulated. {reason}");
    foreach (var limit in server.Machines.Unlimited)
        Console.Error.WriteLine($"Warning: machines are not limited. {limit}");
    Console.WriteLine($"Local cloud ready at {server.Endpoint.ToString().TrimEnd('/')}");
    await Task.WhenAny(server.StopRequested, Task.Delay(Timeout.Infinite, stop.Token));
    return 0;
}
catch (LocalCloudStartException refused)
{
    Console.Error.WriteLine(refused.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
