namespace Google.Api.Gax.Grpc;

/// <summary>One page of a list.</summary>
public interface IPageResponse<TResource> : IEnumerable<TResource>
{
    /// <summary>Empty after the last page.</summary>
    string NextPageToken { get; }
}
