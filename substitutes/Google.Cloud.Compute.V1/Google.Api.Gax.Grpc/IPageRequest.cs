namespace Google.Api.Gax.Grpc;

/// <summary>A request for one page of a list.</summary>
public interface IPageRequest
{
    string PageToken { set; }

    int PageSize { set; }
}
