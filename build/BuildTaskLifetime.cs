using Cake.Core;
using Cake.Frosting;

namespace PrimeDeploy.Build;

/// <summary>Shows where a task begins and ends to the CI system that runs it.</summary>
public sealed class BuildTaskLifetime : FrostingTaskLifetime<BuildContext>
{
    public override void Setup(BuildContext context, ITaskSetupContext info) => context.Report.TaskBegins(info.Task.Name);

    public override void Teardown(BuildContext context, ITaskTeardownContext info) => context.Report.TaskEnded();
}
