using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Plan")]
[TaskDescription("What Deploy would make, change, replace and delete. Changes nothing.")]
[IsDependentOn(typeof(PublishTask))]
public sealed class PlanTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => context.Deployment.PlanAsync();
}
