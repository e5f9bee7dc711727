using System.ComponentModel;
using Google.Apis.Auth.OAuth2;
using Google.Api.Gax.Grpc.Rest;
using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>Where a client connects to and as whom.</summary>
/// <remarks>At most one source of credentials is given; with none of them Application Default Credentials are used.</remarks>
/// <typeparam name="TClient">The client that is built.</typeparam>
public abstract class ClientBuilderBase<TClient>
{
    private const string CredentialsPathWarning =
        "Loading credentials from a path is a security risk where the path is not fixed. Set GoogleCredential instead.";

    private static readonly string[] ComputeScopes =
        ["https://www.googleapis.com/auth/compute", "https://www.googleapis.com/auth/cloud-platform"];

    private protected ClientBuilderBase()
    {
    }

    /// <summary>Host, host and port, or an http:// or https:// address without a path; null is Google's own.</summary>
    public string Endpoint { get; set; }

    /// <summary><see cref="ChannelCredentials.Insecure"/> means no credentials at all.</summary>
    public ChannelCredentials ChannelCredentials { get; set; }

    public GoogleCredential GoogleCredential { get; set; }

    public ICredential Credential { get; set; }

    [Obsolete(CredentialsPathWarning), EditorBrowsable(EditorBrowsableState.Never)]
    public string CredentialsPath { get; set; }

    /// <summary>Null is compute and cloud-platform.</summary>
    public IReadOnlyList<string> Scopes { get; set; }

    /// <summary>The project that pays for the calls and whose quota they use; null leaves that to the credentials.</summary>
    public string QuotaProject { get; set; }

    /// <exception cref="InvalidOperationException">Settings that exclude each other, or no credentials were found.</exception>
    public abstract TClient Build();

    /// <exception cref="InvalidOperationException">Settings that exclude each other, or no credentials were found.</exception>
    public abstract Task<TClient> BuildAsync(CancellationToken cancellationToken = default);

    private protected RestChannel CreateChannel()
    {
        Validate();
        return new RestChannel(Endpoint, SimpleCredentials ?? Scoped(Unscoped()).ToChannelCredentials());
    }

    private protected async Task<RestChannel> CreateChannelAsync(CancellationToken cancellationToken)
    {
        Validate();
        return new RestChannel(
            Endpoint, SimpleCredentials ?? Scoped(await UnscopedAsync(cancellationToken)).ToChannelCredentials());
    }

    private ChannelCredentials SimpleCredentials => ChannelCredentials ?? Credential?.ToChannelCredentials();

#pragma warning disable CS0618 // The path is obsolete for those who set it.
    private GoogleCredential Unscoped() =>
        GoogleCredential
        ?? (CredentialsPath is null ? GoogleCredential.GetApplicationDefault() : GoogleCredential.FromFile(CredentialsPath));

    private async Task<GoogleCredential> UnscopedAsync(CancellationToken cancellationToken) =>
        GoogleCredential
        ?? (CredentialsPath is null
            ? await GoogleCredential.GetApplicationDefaultAsync(cancellationToken)
            : await GoogleCredential.FromFileAsync(CredentialsPath, cancellationToken));

    private void Validate()
    {
        if (new object[] { ChannelCredentials, GoogleCredential, Credential, CredentialsPath }.Count(source => source is not null) > 1)
            throw new InvalidOperationException("Only one source of credentials can be specified");
        if (Scopes is not null && (ChannelCredentials is not null || Credential is not null))
            throw new InvalidOperationException("Scopes are not relevant when channel credentials or an ICredential are supplied");
        if (QuotaProject is not null && (ChannelCredentials is not null || Credential is not null))
            throw new InvalidOperationException("QuotaProject cannot be specified if ChannelCredentials or Credential is specified");
    }
#pragma warning restore CS0618

    private GoogleCredential Scoped(GoogleCredential credential)
    {
        var scoped = credential.CreateScoped(Scopes ?? ComputeScopes);
        return QuotaProject is null ? scoped : scoped.CreateWithQuotaProject(QuotaProject);
    }
}
