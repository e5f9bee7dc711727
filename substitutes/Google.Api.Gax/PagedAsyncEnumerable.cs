namespace Google.Api.Gax;

/// <summary>The resources of a list, fetched page by page as they are enumerated.</summary>
/// <typeparam name="TResponse">The answer that carries one page.</typeparam>
/// <typeparam name="TResource">One resource of the list.</typeparam>
public abstract class PagedAsyncEnumerable<TResponse, TResource> : IAsyncEnumerable<TResource>
{
    /// <summary>The pages as the server gave them, which may be shorter than was asked for, or empty.</summary>
    public abstract IAsyncEnumerable<TResponse> AsRawResponses();

    /// <summary>One page of exactly <paramref name="pageSize"/> resources, or of what there is when that is less.</summary>
    public abstract Task<Page<TResource>> ReadPageAsync(int pageSize, CancellationToken cancellationToken = default);

    public abstract IAsyncEnumerator<TResource> GetAsyncEnumerator(CancellationToken cancellationToken = default);
}
