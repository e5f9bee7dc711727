using PrimeDeploy.DeployBench;

namespace PrimeDeploy.EngineBench;

/// <summary>How close calls come to the limit of about 1500 in a minute for each group of methods (https://cloud.google.com/compute/api-quota).</summary>
internal static class CallRate
{
    /// <summary>The most calls of one group (reads, lists, writes, reads of operations) within any one minute.</summary>
    public static int MostInAMinute(IEnumerable<Call> calls) => calls.GroupBy(GroupOf).Select(MostInAMinuteOf).DefaultIfEmpty(0).Max();

    private static int MostInAMinuteOf(IEnumerable<Call> calls)
    {
        var times = calls.Select(call => call.At).Order().ToList();
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] > TimeSpan.FromMinutes(1)) first++;
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    private static string GroupOf(Call call)
    {
        var words = call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return words is not ["compute", ..] ? "storage"
            : words.Contains("operations") ? "operations"
            : call.Method != "GET" && words[^1] is not ("listManagedInstances" or "getHealth") ? "writes"
            : words[^1] is "zones" or "regions" || words[^2] is "global" or "zones" or "regions" || words[^3] is "zones" or "regions" ? "lists"
            : "reads";
    }
}
