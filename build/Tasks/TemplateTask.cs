using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Template")]
[TaskDescription("What a backend machine is made of: instance template primecalc.")]
[IsDependentOn(typeof(BucketTask))]
public sealed class TemplateTask() : StepTask(Step.Template);
