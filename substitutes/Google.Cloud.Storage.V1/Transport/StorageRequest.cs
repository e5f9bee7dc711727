using Google.Apis.Discovery;
using Google.Apis.Requests;
using Google.Apis.Services;
using Google.Apis.Util;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>One request.</summary>
internal sealed class StorageRequest<TResponse> : ClientServiceRequest<TResponse>
{
    private readonly Query _query;
    private readonly object _body;

    /// <param name="service">Where it goes.</param>
    /// <param name="httpMethod">Its verb.</param>
    /// <param name="path">Below the base address, already escaped.</param>
    /// <param name="query">Its parameters.</param>
    /// <param name="body">Its body, or null.</param>
    public StorageRequest(IClientService service, string httpMethod, string path, Query query, object body)
        : base(service)
    {
        (HttpMethod, RestPath, _query, _body) = (httpMethod, path, query, body);
        InitParameters();
        // The runtime sends only parameters that a request has declared.
        foreach (var (name, _) in query)
            RequestParameters.TryAdd(name, new Parameter { Name = name, ParameterType = "query" });
    }

    public override string MethodName => HttpMethod;

    public override string RestPath { get; }

    public override string HttpMethod { get; }

    [RequestParameter("parameters", RequestParameterType.UserDefinedQueries)]
    public IEnumerable<KeyValuePair<string, string>> Parameters => _query;

    protected override object GetBody() => _body;

    /// <summary>Lets it be tried again where the server could not answer. Only for what is the same done twice.</summary>
    public StorageRequest<TResponse> Retried(bool idempotent = true)
    {
        if (idempotent)
            AddUnsuccessfulResponseHandler(RetryHandler.Instance);
        return this;
    }
}
