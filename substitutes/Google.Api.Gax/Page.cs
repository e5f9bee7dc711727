using System.Collections;

namespace Google.Api.Gax;

/// <summary>A page of resources.</summary>
public sealed class Page<TResource> : IEnumerable<TResource>
{
    private readonly IEnumerable<TResource> _resources;

    public Page(IEnumerable<TResource> resources, string nextPageToken)
    {
        _resources = resources;
        NextPageToken = nextPageToken;
    }

    /// <summary>Where the next page begins; null or empty after the last.</summary>
    public string NextPageToken { get; }

    public IEnumerator<TResource> GetEnumerator() => _resources.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
