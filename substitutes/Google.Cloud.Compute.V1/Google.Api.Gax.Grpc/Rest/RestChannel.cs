using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Rest;

/// <summary>Calls methods over HTTP and JSON: one endpoint, one identity.</summary>
internal sealed class RestChannel
{
    private const string DefaultEndpoint = "compute.googleapis.com:443";

    /// <summary>Every channel takes its connections from here, so that a dozen clients of one endpoint share them.</summary>
    private static readonly SocketsHttpHandler Handler = new()
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private static readonly string ApiClient =
        $"gl-dotnet/{Environment.Version.ToString(3)} gapic/3.28.0 rest/{Environment.Version.ToString(3)} pb/{typeof(IMessage).Assembly.GetName().Version!.ToString(3)}";

    private readonly HttpClient _http;
    private readonly AsyncAuthInterceptor _authorize;
    private readonly TimeProvider _time;

    /// <param name="endpoint">Host, host and port, or an http:// or https:// address; null is Google's own.</param>
    /// <param name="credentials">What adds the authorization to each request; their kind of transport is not minded.</param>
    /// <param name="time">Null is the system's.</param>
    public RestChannel(string endpoint, ChannelCredentials credentials, TimeProvider time = null)
    {
        endpoint ??= DefaultEndpoint;
        var address = endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : "https://" + endpoint;
        // The time limit of one request stays at HttpClient's 100 s, as in the published client: a longer wait ends as Cancelled.
        _http = new HttpClient(Handler, disposeHandler: false) { BaseAddress = new Uri(address) };
        _authorize = credentials.Interceptor();
        _time = time ?? TimeProvider.System;
    }

    public ApiCall<TRequest, TResponse> Call<TRequest, TResponse>(MethodDescriptor method)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var rest = new RestMethod(method);
        return new ApiCall<TRequest, TResponse>(
            (request, options) => SendAsync<TResponse>(rest, request, options), retried: rest.Verb == HttpMethod.Get, _time);
    }

    private async Task<TResponse> SendAsync<TResponse>(RestMethod method, IMessage request, CallOptions options)
        where TResponse : class, IMessage
    {
        using var http = method.CreateRequest(request);
        foreach (var header in options.Headers ?? [])
            http.Headers.Add(header.Key, header.Value);
        http.Headers.Add("x-goog-api-client", ApiClient);

        using var deadline = Deadline(method, options);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken, deadline.Token);
        try
        {
            await AuthorizeAsync(http, method, either.Token);
            using var response = await _http.SendAsync(http, HttpCompletionOption.ResponseContentRead, either.Token);
            var body = await response.Content.ReadAsStringAsync(either.Token);
            return response.IsSuccessStatusCode
                ? method.ReadResponse<TResponse>(body)
                : throw ErrorAnswer.ToException((int)response.StatusCode, body);
        }
        catch (OperationCanceledException exception)
        {
            throw new RpcException(deadline.IsCancellationRequested
                ? new Status(StatusCode.DeadlineExceeded, $"RPC '{method.FullName}' timed out", exception)
                : new Status(StatusCode.Cancelled, $"RPC '{method.FullName}' was cancelled", exception));
        }
    }

    private CancellationTokenSource Deadline(RestMethod method, CallOptions options)
    {
        if (options.Deadline is not { } deadline)
            return new CancellationTokenSource();
        var left = deadline - _time.GetUtcNow().UtcDateTime;
        return left > TimeSpan.Zero
            ? new CancellationTokenSource(left, _time)
            : throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"RPC '{method.FullName}' timed out"));
    }

    private async Task AuthorizeAsync(HttpRequestMessage http, RestMethod method, CancellationToken cancellationToken)
    {
        if (_authorize is null)
            return;
        var headers = new Metadata();
        var service = _http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        await _authorize(new AuthInterceptorContext(service, method.FullName, cancellationToken), headers).WaitAsync(cancellationToken);
        foreach (var header in headers)
            http.Headers.TryAddWithoutValidation(header.Key, header.Value);
    }
}
