using Google.Apis.Services;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>The JSON API of Cloud Storage on Google's own client runtime.</summary>
internal sealed class StorageService(BaseClientService.Initializer initializer) : BaseClientService(initializer)
{
    public const string DefaultBaseUri = "https://storage.googleapis.com/storage/v1/";

    public override string Name => "storage";

    public override IList<string> Features => [];

    public override string BaseUri => BaseUriOverride ?? DefaultBaseUri;

    public override string BasePath => "storage/v1/";

    public override string BatchUri => "https://storage.googleapis.com/batch/storage/v1";

    public override string BatchPath => "batch/storage/v1";
}
