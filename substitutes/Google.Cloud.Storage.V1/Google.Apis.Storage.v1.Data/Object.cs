using Google.Apis.Requests;
using Google.Apis.Util;
using Newtonsoft.Json;

namespace Google.Apis.Storage.v1.Data;

/// <summary>An object: its metadata, without its content.</summary>
public class Object : IDirectResponseSchema
{
    [JsonProperty("bucket")]
    public virtual string Bucket { get; set; }

    [JsonProperty("cacheControl")]
    public virtual string CacheControl { get; set; }

    [JsonProperty("contentDisposition")]
    public virtual string ContentDisposition { get; set; }

    [JsonProperty("contentEncoding")]
    public virtual string ContentEncoding { get; set; }

    [JsonProperty("contentLanguage")]
    public virtual string ContentLanguage { get; set; }

    [JsonProperty("contentType")]
    public virtual string ContentType { get; set; }

    /// <summary>Base64 of the big-endian CRC-32C of the content.</summary>
    [JsonProperty("crc32c")]
    public virtual string Crc32c { get; set; }

    [JsonProperty("etag")]
    public virtual string ETag { get; set; }

    [JsonProperty("generation")]
    public virtual long? Generation { get; set; }

    [JsonProperty("id")]
    public virtual string Id { get; set; }

    [JsonProperty("kind")]
    public virtual string Kind { get; set; }

    /// <summary>Base64 of the MD5 of the content.</summary>
    [JsonProperty("md5Hash")]
    public virtual string Md5Hash { get; set; }

    [JsonProperty("mediaLink")]
    public virtual string MediaLink { get; set; }

    [JsonProperty("metadata")]
    public virtual IDictionary<string, string> Metadata { get; set; }

    [JsonProperty("metageneration")]
    public virtual long? Metageneration { get; set; }

    [JsonProperty("name")]
    public virtual string Name { get; set; }

    [JsonProperty("selfLink")]
    public virtual string SelfLink { get; set; }

    /// <summary>In bytes.</summary>
    [JsonProperty("size")]
    public virtual ulong? Size { get; set; }

    [JsonProperty("storageClass")]
    public virtual string StorageClass { get; set; }

    [JsonProperty("timeCreated")]
    public virtual string TimeCreatedRaw { get; set; }

    /// <summary><see cref="TimeCreatedRaw"/> as a time; null where there is none.</summary>
    [JsonIgnore]
    public virtual DateTimeOffset? TimeCreatedDateTimeOffset
    {
        get => DiscoveryFormat.ParseGoogleDateTimeToDateTimeOffset(TimeCreatedRaw);
        set => TimeCreatedRaw = DiscoveryFormat.FormatDateTimeOffsetToGoogleDateTime(value);
    }

    [JsonProperty("updated")]
    public virtual string UpdatedRaw { get; set; }

    /// <summary><see cref="UpdatedRaw"/> as a time; null where there is none.</summary>
    [JsonIgnore]
    public virtual DateTimeOffset? UpdatedDateTimeOffset
    {
        get => DiscoveryFormat.ParseGoogleDateTimeToDateTimeOffset(UpdatedRaw);
        set => UpdatedRaw = DiscoveryFormat.FormatDateTimeOffsetToGoogleDateTime(value);
    }
}
