using Cake.Frosting;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Default")]
[TaskDescription("Explain, for who names no target.")]
[IsDependentOn(typeof(ExplainTask))]
public sealed class DefaultTask : FrostingTask<BuildContext>;
