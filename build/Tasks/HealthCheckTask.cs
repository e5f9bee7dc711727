using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("HealthCheck")]
[TaskDescription("How a backend shows that it serves: GET /2 answers 200.")]
public sealed class HealthCheckTask() : StepTask(Step.HealthCheck);
