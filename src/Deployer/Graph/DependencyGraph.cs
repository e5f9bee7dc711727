namespace PrimeDeploy.Deployer;

/// <summary>What depends on what. Made only of graphs that can be walked: every dependency is a member, and there is no circle.</summary>
internal sealed class DependencyGraph<T> where T : notnull
{
    private readonly Dictionary<T, IReadOnlyList<T>> _dependencies;
    private readonly Dictionary<T, List<T>> _dependents = [];

    /// <param name="members">All members.</param>
    /// <param name="dependenciesOf">What a member depends on directly.</param>
    /// <exception cref="DependencyException">Dependencies that are not members, and circles: all of them.</exception>
    public DependencyGraph(IEnumerable<T> members, Func<T, IEnumerable<T>> dependenciesOf)
    {
        _dependencies = members.ToDictionary(member => member, member => (IReadOnlyList<T>)[.. dependenciesOf(member).Distinct()]);

        var missing = from pair in _dependencies
                      from dependency in pair.Value
                      where !_dependencies.ContainsKey(dependency)
                      select $"{pair.Key} depends on {dependency}, which is not part of the deployment.";
        var problems = missing.ToList();

        foreach (var (member, dependencies) in _dependencies)
            foreach (var dependency in dependencies)
                (_dependents.TryGetValue(dependency, out var dependents) ? dependents : _dependents[dependency] = []).Add(member);

        Order = Sort(problems);
        if (problems.Count > 0) throw new DependencyException(problems);
    }

    /// <summary>Every member after all that it depends on; otherwise in the order in which they were given.</summary>
    public IReadOnlyList<T> Order { get; }

    /// <summary>What the member depends on directly.</summary>
    public IReadOnlyList<T> DependenciesOf(T member) => _dependencies[member];

    /// <summary>What depends on the member directly.</summary>
    public IReadOnlyList<T> DependentsOf(T member) => _dependents.TryGetValue(member, out var dependents) ? dependents : [];

    /// <summary>The members and everything that they depend on, near or far.</summary>
    public IReadOnlySet<T> WithDependencies(IEnumerable<T> members)
    {
        var found = new HashSet<T>();
        var open = new Stack<T>(members);
        while (open.TryPop(out var member))
            if (found.Add(member))
                foreach (var dependency in _dependencies[member])
                    open.Push(dependency);
        return found;
    }

    private List<T> Sort(List<string> problems)
    {
        var order = new List<T>();
        var done = new HashSet<T>();
        var path = new List<T>();

        void Visit(T member)
        {
            if (done.Contains(member)) return;
            if (path.IndexOf(member) is var start and >= 0)
            {
                problems.Add($"These depend on each other in a circle: {string.Join(" → ", path[start..].Append(member))}.");
                return;
            }
            path.Add(member);
            foreach (var dependency in _dependencies[member].Where(_dependencies.ContainsKey)) Visit(dependency);
            path.RemoveAt(path.Count - 1);
            if (done.Add(member)) order.Add(member);
        }

        foreach (var member in _dependencies.Keys) Visit(member);
        return order;
    }
}

/// <summary>A deployment that cannot be ordered. Found before the first call to the cloud.</summary>
public sealed class DependencyException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Every missing dependency and every circle.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
