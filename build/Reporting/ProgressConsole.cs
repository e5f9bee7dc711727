using System.Diagnostics;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Reporting;

/// <summary>
/// Shows what happens as it happens, task by task: the apply works on many resources at once, but a reader follows one task at a time.
/// Events of a task that is not shown yet are kept until it is.
/// </summary>
/// <param name="write">Gets one line at a time.</param>
/// <param name="report">Is told of every event too.</param>
internal sealed class ProgressConsole(Action<string> write, IProgress<DeploymentEvent> report) : IProgress<DeploymentEvent>
{
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<(Step Step, string Line)> _kept = [];
    private Step? _shown;

    /// <summary>Since the run began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Report(DeploymentEvent value)
    {
        report.Report(value);
        if (EventText.Line(value) is not { } line)
            return;
        lock (_gate)
        {
            if (EventText.StepOf(value) is { } step && step != _shown)
                _kept.Add((step, Timed(line)));
            else
                write(Timed(line));
        }
    }

    /// <summary>Tells of an event that is shown in another way.</summary>
    public void Log(DeploymentEvent value) => report.Report(value);

    /// <summary>Shows what was kept of the step, and from now on its events as they come.</summary>
    public void Show(Step step)
    {
        lock (_gate)
        {
            _shown = step;
            foreach (var (_, line) in _kept.Where(kept => kept.Step == step))
                write(line);
            _kept.RemoveAll(kept => kept.Step == step);
        }
    }

    private string Timed(string line) => $"{Elapsed.TotalSeconds,7:F2} s  {line}";
}
