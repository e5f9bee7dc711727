using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>The two steps in which an instance goes: its machine when that is accepted, its document when the operation has come to its end.</summary>
internal static class Deletion
{
    /// <summary>It goes down and is STOPPING; its name is still in use.</summary>
    public static void Begin(JsonObject instance)
    {
        Local.Set(instance, Local.Deleting, true);
        instance["status"] = InstanceStatus.Stopping;
        RunLimit.Clear(instance);
    }

    /// <summary>Nothing keeps it any more.</summary>
    public static void Complete(JsonObject instance)
    {
        Begin(instance);
        Local.Set(instance, Local.Gone, true);
    }
}
