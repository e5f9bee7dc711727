using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>IAM policies of buckets (https://cloud.google.com/storage/docs/json_api/v1/buckets/getIamPolicy).</summary>
internal sealed class BucketPolicies(StorageStore store)
{
    public StorageAnswer Get(StorageRequest request, string name)
    {
        var bucket = store.GetBucket(name);
        request.Demand("storage.buckets.getIamPolicy", bucket);
        return new JsonAnswer((JsonObject)bucket.Policy.DeepClone());
    }

    /// <summary>Replaces the policy; an etag in it has to be that of the policy it was made from.</summary>
    public async Task<StorageAnswer> SetAsync(StorageRequest request, string name)
    {
        request.Demand("storage.buckets.setIamPolicy", store.GetBucket(name));
        var wanted = await request.ReadJsonAsync();
        var changed = store.ReplaceBucket(name, request.Preconditions, bucket =>
        {
            if (wanted.Text("etag") is { Length: > 0 } etag && etag != bucket.Policy.Text("etag"))
                throw StorageException.Precondition();
            var json = (JsonObject)bucket.Json.DeepClone();
            json["metageneration"] = (bucket.Metageneration + 1).Wire();
            var policy = (JsonObject)wanted.DeepClone();
            policy["kind"] = "storage#policy";
            policy["resourceId"] = $"projects/_/buckets/{name}";
            policy["etag"] = JsonFields.EntityTag(null, bucket.Metageneration + 1);
            policy.Default("version", 1);
            policy.Default("bindings", new JsonArray());
            return bucket with { Json = json, Policy = policy };
        });
        return new JsonAnswer((JsonObject)changed.Policy.DeepClone());
    }

    /// <summary>Which of the permissions asked about the caller has.</summary>
    public StorageAnswer Test(StorageRequest request, string name)
    {
        var bucket = store.GetBucket(name);
        var granted = new JsonArray();
        foreach (var permission in request.QueryAll("permissions"))
        {
            try
            {
                request.Demand(permission, bucket);
                granted.Add(JsonValue.Create(permission));
            }
            catch (StorageException)
            {
                // Not granted: that is the answer.
            }
        }

        var answer = new JsonObject { ["kind"] = "storage#testIamPermissionsResponse" };
        if (granted.Count > 0)
            answer["permissions"] = granted;
        return new JsonAnswer(answer);
    }
}
