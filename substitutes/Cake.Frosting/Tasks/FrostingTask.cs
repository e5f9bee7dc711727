using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task that needs no context of its own.</summary>
public abstract class FrostingTask : FrostingTask<ICakeContext>
{
}

/// <summary>A task of a build whose context is <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The build's context, as given to <see cref="CakeHostExtensions.UseContext{TContext}"/>.</typeparam>
public abstract class FrostingTask<T> : IFrostingTask
    where T : ICakeContext
{
    /// <summary>Does the task's work. Not overridden, the task is only the sum of what it depends on.</summary>
    /// <param name="context">The build's context.</param>
    public virtual void Run(T context)
    {
    }

    /// <summary>Says whether the task runs; a task that does not is reported as skipped.</summary>
    /// <param name="context">The build's context.</param>
    public virtual bool ShouldRun(T context) => true;

    /// <summary>Handles what the task threw. Overridden, the build goes on unless it throws again.</summary>
    /// <param name="exception">What the task threw.</param>
    /// <param name="context">The build's context.</param>
    public virtual void OnError(Exception exception, T context)
    {
    }

    /// <summary>Runs after the task, whether it succeeded or not.</summary>
    /// <param name="context">The build's context.</param>
    public virtual void Finally(T context)
    {
    }

    /// <inheritdoc/>
    Task IFrostingTask.RunAsync(ICakeContext context)
    {
        Run(Own(context));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    bool IFrostingTask.ShouldRun(ICakeContext context) => ShouldRun(Own(context));

    /// <inheritdoc/>
    void IFrostingTask.OnError(Exception exception, ICakeContext context)
    {
        ArgumentNullException.ThrowIfNull(exception);
        OnError(exception, Own(context));
    }

    /// <inheritdoc/>
    void IFrostingTask.Finally(ICakeContext context) => Finally(Own(context));

    private static T Own(ICakeContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return (T)context;
    }
}
