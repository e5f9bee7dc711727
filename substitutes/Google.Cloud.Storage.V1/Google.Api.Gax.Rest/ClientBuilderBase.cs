using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Apis.Services;
using IHttpClientFactory = Google.Apis.Http.IHttpClientFactory;

namespace Google.Api.Gax.Rest;

/// <summary>Where a client connects to and as whom.</summary>
/// <remarks>At most one source of credentials is given; with none of them Application Default Credentials are used.</remarks>
/// <typeparam name="TClient">The client that is built.</typeparam>
public abstract class ClientBuilderBase<TClient>
{
    private const string FullControl = "https://www.googleapis.com/auth/devstorage.full_control";

    private protected ClientBuilderBase()
    {
    }

    /// <summary>Ends with a slash; null is Google's own.</summary>
    public string BaseUri { get; set; }

    public GoogleCredential GoogleCredential { get; set; }

    public ICredential Credential { get; set; }

    [Obsolete("Loading credentials from a path is a security risk where the path is not fixed. Set GoogleCredential instead.")]
    public string CredentialsPath { get; set; }

    /// <summary>The project that pays for the calls and whose quota they use; null leaves that to the credentials.</summary>
    public string QuotaProject { get; set; }

    /// <summary>Put into the user agent.</summary>
    public string ApplicationName { get; set; }

    public IHttpClientFactory HttpClientFactory { get; set; }

    /// <exception cref="InvalidOperationException">Settings that exclude each other, or no credentials were found.</exception>
    public abstract TClient Build();

    /// <exception cref="InvalidOperationException">Settings that exclude each other, or no credentials were found.</exception>
    public abstract Task<TClient> BuildAsync(CancellationToken cancellationToken = default);

#pragma warning disable CS0618 // The path is obsolete for those who set it.
    private protected virtual void Validate()
    {
        if (new object[] { GoogleCredential, Credential, CredentialsPath }.Count(source => source is not null) > 1)
            throw new InvalidOperationException("Only one source of credentials can be specified");
    }

    private protected IConfigurableHttpClientInitializer Authorization() =>
        Credential
        ?? Scoped(GoogleCredential
            ?? (CredentialsPath is null ? GoogleCredential.GetApplicationDefault() : GoogleCredential.FromFile(CredentialsPath)));

    private protected async Task<IConfigurableHttpClientInitializer> AuthorizationAsync(CancellationToken cancellationToken) =>
        Credential
        ?? Scoped(GoogleCredential
            ?? (CredentialsPath is null
                ? await GoogleCredential.GetApplicationDefaultAsync(cancellationToken)
                : await GoogleCredential.FromFileAsync(CredentialsPath, cancellationToken)));
#pragma warning restore CS0618

    private protected BaseClientService.Initializer Initializer(IConfigurableHttpClientInitializer authorization) => new()
    {
        BaseUri = BaseUri,
        ApplicationName = ApplicationName ?? "google-cloud-dotnet-storage/4.15.0",
        HttpClientFactory = HttpClientFactory,
        HttpClientInitializer = authorization,
        // The client's own retries come instead.
        DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None,
    };

    private GoogleCredential Scoped(GoogleCredential credential)
    {
        var scoped = credential.CreateScoped(FullControl);
        return QuotaProject is null ? scoped : scoped.CreateWithQuotaProject(QuotaProject);
    }
}
