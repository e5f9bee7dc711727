using System.Runtime.InteropServices;
using PrimeDeploy.DeployBench;

if (!Options.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine($"{problem}\n\n{Options.Help}");
    return 2;
}

using var stop = new CancellationTokenSource();
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    foreach (var line in await new Benchmark(options!).RunAsync(stop.Token))
        Console.WriteLine(line);
    return 0;
}
catch (CommandFailedException failed)
{
    Console.Error.WriteLine(failed.Message);
    return 1;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("Stopped; what was started has been taken down.");
    return 130;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
