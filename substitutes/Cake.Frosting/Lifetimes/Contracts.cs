using Cake.Core;

namespace Cake.Frosting;

/// <summary>What happens before the first task.</summary>
public interface IFrostingSetup
{
    /// <summary>Runs before the first task. If it throws, no task runs, but the teardown does.</summary>
    /// <param name="context">The build's context.</param>
    /// <param name="info">The requested target and the tasks that will run.</param>
    void Setup(ICakeContext context, ISetupContext info);
}

/// <summary>What happens after the last task.</summary>
public interface IFrostingTeardown
{
    /// <summary>Runs after the last task, also if the setup or a task failed.</summary>
    /// <param name="context">The build's context.</param>
    /// <param name="info">Whether the build succeeded, and what it threw.</param>
    void Teardown(ICakeContext context, ITeardownContext info);
}

/// <summary>What happens around the whole build.</summary>
public interface IFrostingLifetime : IFrostingSetup, IFrostingTeardown
{
}

/// <summary>What happens before every task.</summary>
public interface IFrostingTaskSetup
{
    /// <summary>Runs before every task. If it throws, that task does not run, but its teardown does.</summary>
    /// <param name="context">The build's context.</param>
    /// <param name="info">The task.</param>
    void Setup(ICakeContext context, ITaskSetupContext info);
}

/// <summary>What happens after every task.</summary>
public interface IFrostingTaskTeardown
{
    /// <summary>Runs after every task, also if its setup or the task failed.</summary>
    /// <param name="context">The build's context.</param>
    /// <param name="info">The task, how long it took and whether it was skipped.</param>
    void Teardown(ICakeContext context, ITaskTeardownContext info);
}

/// <summary>What happens around every task.</summary>
public interface IFrostingTaskLifetime : IFrostingTaskSetup, IFrostingTaskTeardown
{
}
