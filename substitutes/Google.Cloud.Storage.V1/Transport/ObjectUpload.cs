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
            destination.ContentType)
    {
        Bucket = destination.Bucket;
        Body = destination;
        IfGenerationMatch = options?.IfGenerationMatch;
        IfGenerationNotMatch = options?.IfGenerationNotMatch;
        IfMetagenerationMatch = options?.IfMetagenerationMatch;
        IfMetagenerationNotMatch = options?.IfMetagenerationNotMatch;
        Projection = options?.Projection is { } projection ? Query.Text(projection) : null;
        UserProject = options?.UserProject;
        if (options?.ChunkSize is { } size)
            ChunkSize = size;
        UploadStreamInterceptor += (buffer, offset, count) => _sent.Append(buffer.AsSpan(offset, count));
    }

    [RequestParameter("bucket", RequestParameterType.Path)]
    public string Bucket { get; }

    [RequestParameter("ifGenerationMatch", RequestParameterType.Query)]
    public long? IfGenerationMatch { get; }

    [RequestParameter("ifGenerationNotMatch", RequestParameterType.Query)]
    public long? IfGenerationNotMatch { get; }

    [RequestParameter("ifMetagenerationMatch", RequestParameterType.Query)]
    public long? IfMetagenerationMatch { get; }

    [RequestParameter("ifMetagenerationNotMatch", RequestParameterType.Query)]
    public long? IfMetagenerationNotMatch { get; }

    [RequestParameter("projection", RequestParameterType.Query)]
    public string Projection { get; }

    [RequestParameter("userProject", RequestParameterType.Query)]
    public string UserProject { get; }

    public string SentCrc32C => _sent.ToBase64();
}
