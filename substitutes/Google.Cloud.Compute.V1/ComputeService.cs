using System.Collections.Concurrent;
using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;
using Google.LongRunning;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Google.Cloud.Compute.V1;

/// <summary>What all clients have in common: one service of the protos on one channel.</summary>
internal sealed class ComputeService(RestChannel channel, FileDescriptor file, string name)
{
    private readonly ServiceDescriptor _service = file.Services.Single(service => service.Name == name);
    private readonly ConcurrentDictionary<string, object> _calls = new(StringComparer.Ordinal);

    public Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, CallSettings callSettings)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        Call<TRequest, TResponse>(method).Async(request, callSettings);

    public PagedAsyncEnumerable<TResponse, TResource> List<TRequest, TResponse, TResource>(
        string method, TRequest request, CallSettings callSettings)
        where TRequest : class, IPageRequest, IMessage<TRequest>
        where TResponse : class, IPageResponse<TResource>, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(request);
        return new FetchedPages<TResponse, TResource>(
            (pageToken, pageSize, cancellationToken) =>
            {
                var page = request.Clone();
                if (pageToken is not null)
                    page.PageToken = pageToken;
                if (pageSize is { } size)
                    page.PageSize = size;
                var settings = cancellationToken.CanBeCanceled ? callSettings.WithCancellationToken(cancellationToken) : callSettings;
                return CallAsync<TRequest, TResponse>(method, page, settings);
            },
            page => page,
            page => page.NextPageToken);
    }

    /// <summary>Starts what ends later, as an operation of the place where the resource is.</summary>
    public async Task<Operation<Operation, Operation>> MutateAsync<TRequest>(string method, TRequest request, CallSettings callSettings)
        where TRequest : class, IMessage<TRequest>
    {
        var started = await CallAsync<TRequest, Operation>(method, request, callSettings);
        var project = Value(request, "project");
        var (lroName, poll) = (Value(request, "zone"), Value(request, "region")) switch
        {
            ({ } zone, _) => (
                $"zone/{zone}/operation/{started.Name}/project/{project}",
                Poll("ZoneOperations", new GetZoneOperationRequest { Project = project, Zone = zone, Operation = started.Name })),
            (_, { } region) => (
                $"operation/{started.Name}/region/{region}/project/{project}",
                Poll("RegionOperations", new GetRegionOperationRequest { Project = project, Region = region, Operation = started.Name })),
            _ => (
                $"operation/{started.Name}/project/{project}",
                Poll("GlobalOperations", new GetGlobalOperationRequest { Project = project, Operation = started.Name })),
        };
        return new Operation<Operation, Operation>(
            State(lroName, started), async settings => State(lroName, await poll(settings)));
    }

    private Func<CallSettings, Task<Operation>> Poll<TRequest>(string service, TRequest request)
        where TRequest : class, IMessage<TRequest>
    {
        var operations = new ComputeService(channel, OperationsReflection.Descriptor, service);
        return settings => operations.CallAsync<TRequest, Operation>("Get", request, settings);
    }

    /// <summary>An operation has failed when it names an HTTP status of failure, even if it also lists errors.</summary>
    private static Google.LongRunning.Operation State(string lroName, Operation operation)
    {
        var state = new Google.LongRunning.Operation
        {
            Name = lroName,
            Metadata = Any.Pack(operation),
            Done = operation.Status == Operation.Types.Status.Done,
        };
        if (operation.HasHttpErrorStatusCode)
            state.Error = new Google.Rpc.Status
            {
                Code = (int)HttpStatus.ToStatusCode(operation.HttpErrorStatusCode), Message = operation.HttpErrorMessage,
            };
        else if (state.Done)
            state.Response = state.Metadata;
        return state;
    }

    private ApiCall<TRequest, TResponse> Call<TRequest, TResponse>(string method)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        (ApiCall<TRequest, TResponse>)_calls.GetOrAdd(method, key => channel.Call<TRequest, TResponse>(_service.FindMethodByName(key)));

    private static string Value(IMessage request, string field) =>
        request.Descriptor.FindFieldByName(field)?.Accessor.GetValue(request) as string;
}
