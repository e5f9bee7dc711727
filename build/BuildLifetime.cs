using System.Runtime.InteropServices;
using Cake.Core;
using Cake.Frosting;
using PrimeDeploy.Build.Login;

namespace PrimeDeploy.Build;

/// <summary>Begins a run with checked settings and with signals that end it cleanly.</summary>
public sealed class BuildLifetime(ExitStatus exit) : FrostingLifetime<BuildContext>, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private PosixSignalRegistration[] _signals = [];

    public override void Setup(BuildContext context, ISetupContext info)
    {
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Cancel))];
        context.Cancellation = _cancellation.Token;
        context.TasksToExecute = [.. info.TasksToExecute.Select(task => task.Name)];
        context.Report.Begin(info.TargetTask.Name);
        context.Report.Begin(context.Settings);
        AzureFederation.SignIn(context);
    }

    public override void Teardown(BuildContext context, ITeardownContext info)
    {
        context.EndAsync().GetAwaiter().GetResult();
        context.Report.EndAsync(info.ThrownException).GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        foreach (var signal in _signals)
            signal.Dispose();
        _cancellation.Dispose();
    }

    /// <summary>The first signal lets what is under way come to a clean stop; a second one is the runtime's own, which ends the process.</summary>
    private void Cancel(PosixSignalContext signal)
    {
        signal.Cancel = !_cancellation.IsCancellationRequested;
        exit.Interrupt(_cancellation.Cancel);
    }
}
