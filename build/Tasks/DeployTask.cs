using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Deploy")]
[TaskDescription("Everything, from nothing to proven: prints the address to open.")]
[IsDependentOn(typeof(FrontendTask))]
[IsDependentOn(typeof(VerifyTask))]
public sealed class DeployTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context) => context.Deployment.ShowSummary();
}
