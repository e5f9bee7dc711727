using Google.Api.Gax;
using Google.Api.Gax.Rest;
using Google.Cloud.Storage.V1.Transport;

namespace Google.Cloud.Storage.V1;

/// <summary>Makes a <see cref="StorageClient"/>.</summary>
public sealed class StorageClientBuilder : ClientBuilderBase<StorageClient>
{
    private const string EmulatorVariable = "STORAGE_EMULATOR_HOST";

    /// <summary>Whether no credentials are used, nor looked for.</summary>
    public bool UnauthenticatedAccess { get; set; }

    /// <summary>Whether <c>STORAGE_EMULATOR_HOST</c> is minded; by default it is not.</summary>
    public EmulatorDetection EmulatorDetection { get; set; } = EmulatorDetection.None;

    public override StorageClient Build()
    {
        if (Emulator() is { } emulator)
            return emulator.Build();
        Validate();
        return new StorageClient(new StorageService(Initializer(UnauthenticatedAccess ? null : Authorization())));
    }

    public override async Task<StorageClient> BuildAsync(CancellationToken cancellationToken = default)
    {
        if (Emulator() is { } emulator)
            return await emulator.BuildAsync(cancellationToken);
        Validate();
        return new StorageClient(new StorageService(
            Initializer(UnauthenticatedAccess ? null : await AuthorizationAsync(cancellationToken))));
    }

#pragma warning disable CS0618 // The path is obsolete for those who set it.
    private protected override void Validate()
    {
        base.Validate();
        if (UnauthenticatedAccess && (GoogleCredential ?? Credential ?? (object)CredentialsPath) is not null)
            throw new InvalidOperationException("When requesting unauthenticated access, don't specify any other credentials.");
    }
#pragma warning restore CS0618

    /// <summary>A builder for the emulator that the environment names, or null where there is none or it is not minded.</summary>
    private StorageClientBuilder Emulator()
    {
        var host = Environment.GetEnvironmentVariable(EmulatorVariable);
        host = string.IsNullOrWhiteSpace(host) ? null : host;
        switch (EmulatorDetection)
        {
            case EmulatorDetection.ProductionOnly when host is not null:
                throw new InvalidOperationException(
                    $"Emulator environment variable '{EmulatorVariable}' is set, contrary to use of EmulatorDetection.ProductionOnly");
            case EmulatorDetection.EmulatorOnly when host is null:
                throw new InvalidOperationException(
                    $"Emulator environment variable '{EmulatorVariable}' is not set, contrary to use of EmulatorDetection.EmulatorOnly");
            case EmulatorDetection.EmulatorOnly or EmulatorDetection.EmulatorOrProduction when host is not null:
                return new StorageClientBuilder
                {
                    BaseUri = host.Contains("://", StringComparison.Ordinal) ? host : "http://" + host,
                    UnauthenticatedAccess = true,
                    ApplicationName = ApplicationName,
                    HttpClientFactory = HttpClientFactory,
                };
            default:
                return null;
        }
    }
}
