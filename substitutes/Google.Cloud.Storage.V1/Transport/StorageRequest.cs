using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Util;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>One request.</summary>
/// <param name="service">Where it goes.</param>
/// <param name="httpMethod">Its verb.</param>
/// <param name="path">Below the base address, already escaped.</param>
/// <param name="query">Its parameters.</param>
/// <param name="body">Its body, or null.</param>
internal sealed class StorageRequest<TResponse>(IClientService service, string httpMethod, string path, Query query, object body = null)
    : ClientServiceRequest<TResponse>(service)
{
    public override string MethodName => httpMethod;

    public override string RestPath => path;

    public override string HttpMethod => httpMethod;

    [RequestParameter("query", RequestParameterType.UserDefinedQueries)]
    public IEnumerable<KeyValuePair<string, string>> Parameters => query;

    protected override object GetBody() => body;

    /// <summary>Lets it be tried again where the server could not answer. Only for what is the same done twice.</summary>
    public StorageRequest<TResponse> Retried(bool idempotent = true)
    {
        if (idempotent)
            AddUnsuccessfulResponseHandler(RetryHandler.Instance);
        return this;
    }
}
