using System.Reflection;

namespace Cake.Frosting.Internal;

/// <summary>What a task class says about itself: by its attributes, its base class and the methods that it overrides.</summary>
internal sealed class TaskShape
{
    private readonly Type type;
    private readonly Type root;

    /// <exception cref="InvalidOperationException">The class derives from neither base class.</exception>
    public TaskShape(Type type)
    {
        this.type = type;
        root = Ancestors(type).FirstOrDefault(IsRoot) ?? throw new InvalidOperationException(
            $"The task '{NameOf(type)}' must derive from {nameof(FrostingTask)} or {nameof(AsyncFrostingTask)}.");
    }

    public string Name => NameOf(type);

    public Type Context => root.GenericTypeArguments[0];

    public string Description => type.GetCustomAttribute<TaskDescriptionAttribute>()?.Description;

    public bool ContinuesOnError => type.IsDefined(typeof(ContinueOnErrorAttribute));

    public IEnumerable<Type> Dependencies => type.GetCustomAttributes<IsDependentOnAttribute>().Select(attribute => attribute.Task);

    public IEnumerable<Type> Dependees => type.GetCustomAttributes<IsDependeeOfAttribute>().Select(attribute => attribute.Task);

    public static string NameOf(Type task) => task.GetCustomAttribute<TaskNameAttribute>()?.Name ?? task.Name;

    public bool Overrides(string method) => type
        .GetMethods(BindingFlags.Instance | BindingFlags.Public)
        .Any(candidate => candidate.Name == method && candidate.DeclaringType != root && candidate.GetBaseDefinition().DeclaringType == root);

    private static IEnumerable<Type> Ancestors(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
            yield return ancestor;
    }

    private static bool IsRoot(Type type) => type.IsConstructedGenericType
        && (type.GetGenericTypeDefinition() == typeof(FrostingTask<>) || type.GetGenericTypeDefinition() == typeof(AsyncFrostingTask<>));
}
