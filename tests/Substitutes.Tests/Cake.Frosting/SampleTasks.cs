using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;

namespace PrimeDeploy.Substitutes.Tests.Cake.Frosting;

/// <summary>A task that notes that it ran.</summary>
internal abstract class Noting : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => context.Journal.Add(GetType().Name);
}

[TaskDescription("What machines are made of")]
internal sealed class Template : Noting;

[IsDependentOn(typeof(Template))]
internal sealed class Group : AsyncFrostingTask<SampleContext>
{
    public override async Task RunAsync(SampleContext context)
    {
        await Task.Yield();
        context.Journal.Add(nameof(Group));
    }
}

[IsDependeeOf(typeof(Deploy))]
internal sealed class Firewall : Noting;

[TaskName("deploy-all")]
[IsDependentOn(typeof(Group))]
internal sealed class Deploy : FrostingTask;

internal sealed class Default : Noting;

internal sealed class Unwanted : Noting
{
    public override bool ShouldRun(SampleContext context) => false;
}

[IsDependentOn(typeof(Unwanted))]
internal sealed class AfterUnwanted : Noting;

internal sealed class Failing : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => throw new InvalidOperationException("the zone is out of machines");

    public override void Finally(SampleContext context) => context.Journal.Add("finally");
}

[IsDependentOn(typeof(Failing))]
internal sealed class AfterFailing : Noting;

internal sealed class Forgiving : AsyncFrostingTask<SampleContext>
{
    public override Task RunAsync(SampleContext context) => throw new InvalidOperationException("forgiven");

    public override void OnError(Exception exception, SampleContext context) => context.Journal.Add(exception.Message);
}

[IsDependentOn(typeof(Forgiving))]
internal sealed class AfterForgiving : Noting;

[ContinueOnError]
internal sealed class Careless : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context) => throw new InvalidOperationException("ignored");
}

[IsDependentOn(typeof(Careless))]
internal sealed class AfterCareless : Noting;

[IsDependentOn(typeof(DateTime))]
internal sealed class DependsOnNoTask : Noting;

internal sealed class OtherContext(ICakeContext context) : FrostingContext(context);

internal sealed class OfOtherContext : FrostingTask<OtherContext>
{
    public override void Run(OtherContext context) => context.Information("never");
}

/// <summary>Notes what the command line and the configuration say.</summary>
internal sealed class Settings : FrostingTask<SampleContext>
{
    public override void Run(SampleContext context)
    {
        context.Journal.Add("zone=" + context.Arguments.GetArgument("zone"));
        context.Journal.Add("flag=" + context.Arguments.HasArgument("flag"));
        context.Journal.Add("target=" + context.Arguments.GetArgument("target"));
        foreach (var key in (string[])["coded", "environment", "file", "argument"])
            context.Journal.Add($"{key}={context.Configuration.GetValue("FrostingTests_" + key)}");
    }
}

internal sealed class SampleLifetime : FrostingLifetime<SampleContext>
{
    public override void Setup(SampleContext context, ISetupContext info) =>
        context.Journal.Add($"setup of {info.TargetTask.Name}: {string.Join(' ', info.TasksToExecute.Select(task => task.Name))}");

    public override void Teardown(SampleContext context, ITeardownContext info) =>
        context.Journal.Add(info.Successful ? "teardown" : "teardown after: " + info.ThrownException.Message);
}

internal sealed class SampleTaskLifetime : FrostingTaskLifetime<SampleContext>
{
    public override void Setup(SampleContext context, ITaskSetupContext info) => context.Journal.Add("before " + info.Task.Name);

    public override void Teardown(SampleContext context, ITaskTeardownContext info) => context.Journal.Add("after " + info.Task.Name);
}
