using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Frontend")]
[TaskDescription("The public web server that asks the load balancer, and its opening in the firewall.")]
[IsDependentOn(typeof(ForwardingRuleTask))]
public sealed class FrontendTask() : StepTask(Step.Frontend);
