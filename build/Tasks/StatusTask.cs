using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Status")]
[TaskDescription("All deployments: owner, age, expiry, health, address, and what they cost, as an estimate.")]
public sealed class StatusTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => new DeploymentList(context).ShowAsync();
}
