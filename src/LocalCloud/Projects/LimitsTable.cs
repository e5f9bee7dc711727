using System.Collections.Concurrent;

namespace PrimeDeploy.LocalCloud.Projects;

/// <summary>The limits that projects were given; they are forgotten when the server ends.</summary>
internal sealed class LimitsTable
{
    private static readonly ProjectLimits None = new();

    private readonly ConcurrentDictionary<string, ProjectLimits> _limits = new(StringComparer.Ordinal);

    /// <param name="project">Null for a call that names none.</param>
    public ProjectLimits Of(string? project) => project is not null && _limits.TryGetValue(project, out var limits) ? limits : None;

    public void Set(string project, ProjectLimits limits) => _limits[project] = limits;
}
