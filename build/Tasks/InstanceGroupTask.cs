using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("InstanceGroup")]
[TaskDescription("Three machines from the template, kept alive: managed instance group backend.")]
[IsDependentOn(typeof(TemplateTask))]
[IsDependentOn(typeof(FirewallTask))]
public sealed class InstanceGroupTask() : StepTask(Step.InstanceGroup);
