using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("ForwardingRule")]
[TaskDescription("The load balancer's internal address and port: prime-lb.")]
[IsDependentOn(typeof(BackendServiceTask))]
public sealed class ForwardingRuleTask() : StepTask(Step.ForwardingRule);
