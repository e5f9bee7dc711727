using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>PATCH as the API means it: objects are merged member by member, everything else replaces what was there, null removes it.</summary>
internal static class JsonMerge
{
    /// <summary>Changes and returns <paramref name="target"/>.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        foreach (var (member, value) in patch)
        {
            if (value is null)
                target.Remove(member);
            else if (value is JsonObject inner && target[member] is JsonObject existing)
                Apply(existing, inner);
            else
                target[member] = value.DeepClone();
        }
        return target;
    }
}
