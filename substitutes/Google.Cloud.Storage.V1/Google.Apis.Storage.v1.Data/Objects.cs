using Google.Apis.Requests;
using Newtonsoft.Json;

namespace Google.Apis.Storage.v1.Data;

/// <summary>A page of objects.</summary>
public class Objects : IDirectResponseSchema
{
    [JsonProperty("etag")]
    public virtual string ETag { get; set; }

    /// <summary>Null when there are none.</summary>
    [JsonProperty("items")]
    public virtual IList<Object> Items { get; set; }

    [JsonProperty("kind")]
    public virtual string Kind { get; set; }

    [JsonProperty("nextPageToken")]
    public virtual string NextPageToken { get; set; }

    [JsonProperty("prefixes")]
    public virtual IList<string> Prefixes { get; set; }
}
