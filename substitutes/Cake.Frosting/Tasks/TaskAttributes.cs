namespace Cake.Frosting;

/// <summary>Names a task. Without it the name is the class's.</summary>
/// <param name="name">The name, as <c>--target</c> takes it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TaskNameAttribute(string name) : Attribute
{
    /// <summary>Gets the name, as <c>--target</c> takes it.</summary>
    public string Name { get; } = name;
}

/// <summary>Describes a task; <c>--description</c> shows it.</summary>
/// <param name="description">One line.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TaskDescriptionAttribute(string description) : Attribute
{
    /// <summary>Gets the description.</summary>
    public string Description { get; } = description;
}

/// <summary>Runs another task before this one.</summary>
/// <param name="type">The class of the other task.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IsDependentOnAttribute(Type type) : Attribute
{
    /// <summary>Gets the class of the task that runs before.</summary>
    public Type Task { get; } = type;
}

/// <summary>Runs this task before another one.</summary>
/// <param name="type">The class of the other task.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IsDependeeOfAttribute(Type type) : Attribute
{
    /// <summary>Gets the class of the task that runs after.</summary>
    public Type Task { get; } = type;
}

/// <summary>Lets the build go on when the task throws.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ContinueOnErrorAttribute : Attribute
{
}
