using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Graph")]
[TaskDescription("The resources, the task that makes each, and what each needs. Asks no cloud.")]
[IsDependentOn(typeof(PublishTask))]
public sealed class GraphTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => context.Deployment.ShowGraphAsync();
}
