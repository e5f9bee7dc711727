using Google.Apis.Services;
using Google.Apis.Upload;
using Google.Apis.Util;
using Object = Google.Apis.Storage.v1.Data.Object;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>A resumable upload that knows the checksum of what it sent.</summary>
internal sealed class ObjectUpload : ResumableUpload<Object, Object>
{
    private readonly Crc32C _sent = new();

    public ObjectUpload(IClientService service, Object destination, Stream content, UploadObjectOptions options)
        : base(
            service,
            $"/upload/{service.BasePath}b/{{bucket}}/o",
            System.Net.Http.HttpMethod.Post.Method,
            content,
            destination.ContentType ?? "application/octet-stream")
    {
        Bucket = destination.Bucket;
        Body = destination;
        UploadStreamInterceptor += (buffer, offset, count) => _sent.Append(buffer.AsSpan(offset, count));
        if (options is null)
            return;
        Parameters = new Query
        {
            { "ifGenerationMatch", options.IfGenerationMatch },
            { "ifGenerationNotMatch", options.IfGenerationNotMatch },
            { "ifMetagenerationMatch", options.IfMetagenerationMatch },
            { "ifMetagenerationNotMatch", options.IfMetagenerationNotMatch },
            { "projection", options.Projection },
            { "userProject", options.UserProject },
        };
        if (options.ChunkSize is { } size)
            ChunkSize = size;
    }

    [RequestParameter("bucket", RequestParameterType.Path)]
    public string Bucket { get; }

    [RequestParameter("query", RequestParameterType.UserDefinedQueries)]
    public IEnumerable<KeyValuePair<string, string>> Parameters { get; } = [];

    public string SentCrc32C => _sent.ToBase64();
}
