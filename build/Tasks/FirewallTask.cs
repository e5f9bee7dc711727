using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Firewall")]
[TaskDescription("Who may talk to the backends: their subnet, and Google's health checks.")]
[IsDependentOn(typeof(BucketTask))]
public sealed class FirewallTask() : StepTask(Step.Firewall);
