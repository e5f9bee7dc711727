using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("BackendService")]
[TaskDescription("The group behind the load balancer, with the health check: prime-service.")]
[IsDependentOn(typeof(InstanceGroupTask))]
[IsDependentOn(typeof(HealthCheckTask))]
public sealed class BackendServiceTask() : StepTask(Step.BackendService);
