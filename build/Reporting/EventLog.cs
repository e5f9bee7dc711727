using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Reporting;

/// <summary>Passes every event on: to a log of JSON lines where one is wanted, and to whom else it concerns.</summary>
internal sealed class EventLog(StandardOutput? lines, IProgress<DeploymentEvent> others) : IProgress<DeploymentEvent>
{
    public void Report(DeploymentEvent value)
    {
        lines?.Write(EventJson.Line(value));
        others.Report(value);
    }
}
