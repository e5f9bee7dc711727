using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("TeardownExpired")]
[TaskDescription("Takes down every deployment whose time to live (--ttl) is over, and no other.")]
public sealed class TeardownExpiredTask : AsyncFrostingTask<BuildContext>
{
    public override Task RunAsync(BuildContext context) => new DeploymentList(context).TeardownExpiredAsync();
}
