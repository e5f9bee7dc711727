using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>The disks that go together with their instance.</summary>
internal static class AttachedDisks
{
    /// <summary>Removes the instance's document, and in the same step those of its disks that are marked with <c>autoDelete</c>.</summary>
    public static void RemoveWithInstance(DocumentStore store, ResourceName instance) => store.Transact(() =>
    {
        var disks = store.Find(instance)?.Objects("disks").Where(d => d.Flag("autoDelete") is true).Select(d => ResourceName.FromLink(d.Text("source"))).ToList() ?? [];
        store.Remove(instance);
        foreach (var disk in disks.OfType<ResourceName>())
            store.Remove(disk);
    });
}
