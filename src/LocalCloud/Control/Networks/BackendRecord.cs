using System.Globalization;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Networks;

/// <summary>
/// Which machines the connections of a forwarding rule may be on: its backends, and those that have left it, until they are drained
/// (https://cloud.google.com/load-balancing/docs/enabling-connection-draining). It is kept in the rule's document, so that a server that goes on
/// neither forgets a machine that drains nor gives it its time anew.
/// </summary>
internal static class BackendRecord
{
    /// <summary>Brings the records up to date: machines that have left begin to drain, those that are drained or gone are forgotten.</summary>
    /// <returns>When the next machine will be drained; null when none is draining.</returns>
    public static DateTimeOffset? Update(DocumentStore store, DateTimeOffset now)
    {
        var documents = ComputeSnapshot.Of(store);
        DateTimeOffset? next = null;
        foreach (var rule in Frontend.All(documents))
        {
            var members = rule.Members(documents).Where(m => m.IsOnNetwork && m.Network == rule.Network).Select(m => m.MachineId!).ToHashSet(StringComparer.Ordinal);
            var present = documents.Instances.Where(i => i.IsOnNetwork && i.Network == rule.Network).Select(i => i.MachineId!).ToHashSet(StringComparer.Ordinal);
            store.Update(rule.Name, json =>
            {
                var record = new JsonObject();
                foreach (var machine in members.Order(StringComparer.Ordinal))
                    record[machine] = "";
                foreach (var (machine, until) in Read(json).Where(m => !members.Contains(m.Machine) && present.Contains(m.Machine)))
                {
                    var drained = until ?? now + rule.DrainingTimeout;
                    if (drained <= now)
                        continue;
                    record[machine] = drained.ToString("O", CultureInfo.InvariantCulture);
                    next = next < drained ? next : drained;
                }

                Local.Set(json, Local.Backends, record.Count == 0 ? null : record);
            });
        }

        return next;
    }

    /// <summary>The machines of a rule's document that are draining, by id.</summary>
    public static IReadOnlyList<string> DrainingOf(JsonObject rule) => [.. Read(rule).Where(m => m.Until is not null).Select(m => m.Machine)];

    private static IEnumerable<(string Machine, DateTimeOffset? Until)> Read(JsonObject rule)
    {
        foreach (var (machine, until) in Local.Get(rule, Local.Backends) as JsonObject ?? [])
            yield return (machine, DateTimeOffset.TryParse((string?)until, CultureInfo.InvariantCulture, out var time) ? time : null);
    }
}
