using Google.Api.Gax.Grpc;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Cloud.Compute.V1;
using Google.Cloud.Storage.V1;
using Grpc.Core;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Which cloud, and as whom. Google Cloud and a local cloud differ in nothing but the endpoint and the credentials; clients are made when
/// they are first used.
/// </summary>
public sealed class CloudConnection
{
    private readonly Uri? _endpoint;
    private readonly Lazy<GoogleCredential> _credential;
    private readonly Dictionary<Type, Lazy<object>> _clients;

    private CloudConnection(Uri? endpoint)
    {
        _endpoint = endpoint;
        _credential = new(() => GoogleCredential.GetApplicationDefault().CreateScoped("https://www.googleapis.com/auth/cloud-platform"));
        _clients = new()
        {
            [typeof(AddressesClient)] = Of(() => new AddressesClientBuilder()),
            [typeof(FirewallsClient)] = Of(() => new FirewallsClientBuilder()),
            [typeof(ForwardingRulesClient)] = Of(() => new ForwardingRulesClientBuilder()),
            [typeof(GlobalOperationsClient)] = Of(() => new GlobalOperationsClientBuilder()),
            [typeof(HealthChecksClient)] = Of(() => new HealthChecksClientBuilder()),
            [typeof(InstanceGroupManagersClient)] = Of(() => new InstanceGroupManagersClientBuilder()),
            [typeof(InstancesClient)] = Of(() => new InstancesClientBuilder()),
            [typeof(InstanceTemplatesClient)] = Of(() => new InstanceTemplatesClientBuilder()),
            [typeof(MachineTypesClient)] = Of(() => new MachineTypesClientBuilder()),
            [typeof(ProjectsClient)] = Of(() => new ProjectsClientBuilder()),
            [typeof(RegionBackendServicesClient)] = Of(() => new RegionBackendServicesClientBuilder()),
            [typeof(RegionOperationsClient)] = Of(() => new RegionOperationsClientBuilder()),
            [typeof(RegionsClient)] = Of(() => new RegionsClientBuilder()),
            [typeof(SubnetworksClient)] = Of(() => new SubnetworksClientBuilder()),
            [typeof(ZoneOperationsClient)] = Of(() => new ZoneOperationsClientBuilder()),
            [typeof(ZonesClient)] = Of(() => new ZonesClientBuilder()),
            [typeof(StorageClient)] = new(StorageOf),
            [typeof(HttpClient)] = new(HttpOf),
        };
    }

    /// <summary>Google Cloud, with Application Default Credentials. They are looked for at the first call, not here.</summary>
    public static CloudConnection Google() => new(null);

    /// <summary>A server that speaks Google's APIs and asks for no credentials: the local cloud.</summary>
    /// <param name="endpoint">Scheme, host and port, for example http://127.0.0.1:9900; a path is not looked at.</param>
    public static CloudConnection At(Uri endpoint) => new(endpoint);

    /// <summary>The local cloud's endpoint; null for Google Cloud.</summary>
    public Uri? Endpoint => _endpoint;

    internal AddressesClient Addresses => Get<AddressesClient>();

    internal FirewallsClient Firewalls => Get<FirewallsClient>();

    internal ForwardingRulesClient ForwardingRules => Get<ForwardingRulesClient>();

    internal GlobalOperationsClient GlobalOperations => Get<GlobalOperationsClient>();

    internal HealthChecksClient HealthChecks => Get<HealthChecksClient>();

    internal InstanceGroupManagersClient InstanceGroupManagers => Get<InstanceGroupManagersClient>();

    internal InstancesClient Instances => Get<InstancesClient>();

    internal InstanceTemplatesClient InstanceTemplates => Get<InstanceTemplatesClient>();

    internal MachineTypesClient MachineTypes => Get<MachineTypesClient>();

    internal ProjectsClient Projects => Get<ProjectsClient>();

    internal RegionBackendServicesClient BackendServices => Get<RegionBackendServicesClient>();

    internal RegionOperationsClient RegionOperations => Get<RegionOperationsClient>();

    internal RegionsClient Regions => Get<RegionsClient>();

    internal SubnetworksClient Subnetworks => Get<SubnetworksClient>();

    internal ZoneOperationsClient ZoneOperations => Get<ZoneOperationsClient>();

    internal ZonesClient Zones => Get<ZonesClient>();

    internal StorageClient Storage => Get<StorageClient>();

    /// <summary>For APIs that have no client here; with the same credentials.</summary>
    internal HttpClient Http => Get<HttpClient>();

    private T Get<T>() => (T)_clients[typeof(T)].Value;

    private Lazy<object> Of<TClient>(Func<ClientBuilderBase<TClient>> builder) where TClient : class => new(() =>
    {
        var made = builder();
        if (_endpoint is null)
        {
            made.GoogleCredential = _credential.Value;
        }
        else
        {
            made.Endpoint = _endpoint.GetLeftPart(UriPartial.Authority);
            made.ChannelCredentials = ChannelCredentials.Insecure;
        }
        return made.Build();
    });

    private ConfigurableHttpClient HttpOf()
    {
        var arguments = new CreateHttpClientArgs { ApplicationName = "PrimeDeploy" };
        if (_endpoint is null) arguments.Initializers.Add(_credential.Value);
        return new HttpClientFactory().CreateHttpClient(arguments);
    }

    private StorageClient StorageOf() => _endpoint is null
        ? new StorageClientBuilder { GoogleCredential = _credential.Value, HttpClientFactory = UploadWatch.ClientFactory }.Build()
        : new StorageClientBuilder
        {
            BaseUri = new Uri(_endpoint, "/storage/v1/").ToString(), UnauthenticatedAccess = true, HttpClientFactory = UploadWatch.ClientFactory,
        }.Build();
}
