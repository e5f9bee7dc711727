using Cake.Frosting;
using PrimeDeploy.Build.Reporting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Screenshot")]
[TaskDescription("Deploy, and then a picture of the frontend's page as a browser shows it, in artifacts/run.")]
[IsDependentOn(typeof(DeployTask))]
public sealed class ScreenshotTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) => Browser.Screenshot(context, context.Report.Frontend, Path.Combine(context.Root, "artifacts", "run", "frontend.png"));
}
