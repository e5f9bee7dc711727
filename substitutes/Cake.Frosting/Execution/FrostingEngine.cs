using Cake.Core;
using Cake.Core.Diagnostics;

namespace Cake.Frosting.Internal;

/// <summary>Registers every task class as a task of Cake's engine.</summary>
internal sealed class FrostingEngine(ICakeEngine engine, IFrostingContext context, ICakeLog log, IEnumerable<IFrostingTask> tasks)
{
    public void Register()
    {
        foreach (var task in tasks)
            Register(task, new TaskShape(task.GetType()));
    }

    private void Register(IFrostingTask task, TaskShape shape)
    {
        log.Debug("Registering task: {0}", shape.Name);
        if (!shape.Context.IsInstanceOfType(context))
        {
            log.Warning("Task cannot be used since the context isn't convertible to {0}.", shape.Context.FullName);
            return;
        }

        var registered = engine.RegisterTask(shape.Name);
        if (!string.IsNullOrWhiteSpace(shape.Description))
            registered.Description(shape.Description);

        // Only what the class overrides is registered: a task without actions is reported as such, and an error handler swallows what it is given.
        if (shape.Overrides("Run") || shape.Overrides("RunAsync"))
            registered.Does(task.RunAsync);
        if (shape.Overrides("ShouldRun"))
            registered.WithCriteria(task.ShouldRun, task.SkippedMessage);
        if (shape.ContinuesOnError)
            registered.ContinueOnError();
        if (shape.Overrides("OnError"))
            registered.OnError(exception => task.OnError(exception, context));
        if (shape.Overrides("Finally"))
            registered.Finally(() => task.Finally(context));

        foreach (var dependency in shape.Dependencies)
            registered.IsDependentOn(NameOf(dependency, "dependency"));
        foreach (var dependee in shape.Dependees)
            registered.IsDependeeOf(NameOf(dependee, "reverse dependency"));
    }

    private static string NameOf(Type task, string role)
    {
        var name = TaskShape.NameOf(task);
        return task.IsAssignableTo(typeof(IFrostingTask))
            ? name
            : throw new FrostingException($"The {role} '{name}' is not a valid task.");
    }
}
