namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>Where a resource lives: <c>projects/P/zones/Z/instances/N</c>, without any host or API version in front.</summary>
/// <param name="Project">Project id.</param>
/// <param name="Scope"><c>global</c>, <c>regions/R</c> or <c>zones/Z</c>.</param>
/// <param name="Collection">For example <c>instances</c>, as it stands in the URL.</param>
/// <param name="Id">The resource's own name.</param>
internal readonly record struct ResourceName(string Project, string Scope, string Collection, string Id)
{
    public string Path => $"projects/{Project}/{Scope}/{Collection}/{Id}";

    public override string ToString() => Path;
}
