using Cake.Core;

namespace Cake.Frosting;

/// <summary>One task of a build. Derive from <see cref="FrostingTask{T}"/> or <see cref="AsyncFrostingTask{T}"/> instead of implementing it.</summary>
public interface IFrostingTask
{
    /// <summary>Does the task's work.</summary>
    /// <param name="context">The build's context.</param>
    Task RunAsync(ICakeContext context);

    /// <summary>Says whether the task runs; a task that does not is reported as skipped.</summary>
    /// <param name="context">The build's context.</param>
    bool ShouldRun(ICakeContext context);

    /// <summary>Gets what the log says when <see cref="ShouldRun"/> is <see langword="false"/>; empty means Cake's own words.</summary>
    string SkippedMessage => string.Empty;

    /// <summary>Handles what the task threw. The build goes on unless it throws again.</summary>
    /// <param name="exception">What the task threw.</param>
    /// <param name="context">The build's context.</param>
    void OnError(Exception exception, ICakeContext context);

    /// <summary>Runs after the task, whether it succeeded or not.</summary>
    /// <param name="context">The build's context.</param>
    void Finally(ICakeContext context);
}
