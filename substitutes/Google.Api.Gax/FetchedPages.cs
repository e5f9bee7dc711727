using System.Runtime.CompilerServices;

namespace Google.Api.Gax;

/// <summary>Fetches one page.</summary>
/// <param name="pageToken">Where it begins; null is the beginning, or where the caller's own request says.</param>
/// <param name="pageSize">How many resources to ask for; null leaves that to the caller's own request.</param>
internal delegate Task<TResponse> FetchPage<TResponse>(string pageToken, int? pageSize, CancellationToken cancellationToken);

/// <summary>A list whose pages are fetched by a delegate: what compute and storage have in common.</summary>
internal sealed class FetchedPages<TResponse, TResource>(
    FetchPage<TResponse> fetch,
    Func<TResponse, IEnumerable<TResource>> resources,
    Func<TResponse, string> nextPageToken) : PagedAsyncEnumerable<TResponse, TResource>
{
    public override IAsyncEnumerable<TResponse> AsRawResponses() => Responses(CancellationToken.None);

    public override async IAsyncEnumerator<TResource> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var response in Responses(cancellationToken))
        {
            foreach (var resource in resources(response))
                yield return resource;
        }
    }

    public override async Task<Page<TResource>> ReadPageAsync(int pageSize, CancellationToken cancellationToken = default)
    {
        var page = new List<TResource>(pageSize);
        string token = null;
        do
        {
            var response = await fetch(token, pageSize - page.Count, cancellationToken);
            page.AddRange(resources(response));
            token = nextPageToken(response);
        }
        while (page.Count < pageSize && !string.IsNullOrEmpty(token));
        return new Page<TResource>(page, token);
    }

    private async IAsyncEnumerable<TResponse> Responses([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string token = null;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var response = await fetch(token, null, cancellationToken);
            yield return response;
            token = nextPageToken(response);
        }
        while (!string.IsNullOrEmpty(token));
    }
}
