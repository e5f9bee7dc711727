using Cake.Frosting;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Bucket")]
[TaskDescription("A bucket with the startup scripts and the program of the machines, and the machines' way to it.")]
[IsDependentOn(typeof(PublishTask))]
public sealed class BucketTask() : StepTask(Step.Bucket);
