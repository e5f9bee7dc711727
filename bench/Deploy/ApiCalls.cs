namespace PrimeDeploy.DeployBench;

/// <summary>Calls to the cloud, counted by the resource that they are about.</summary>
internal static class ApiCalls
{
    private static readonly string[] Prefixes = ["/compute/v1/projects/", "/storage/v1/b/"];

    /// <returns>Rows of resource and calls, most calls first.</returns>
    public static IEnumerable<IReadOnlyList<string>> Rows(IReadOnlyList<Call> calls) => calls
        .GroupBy(ResourceOf)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => (IReadOnlyList<string>)[$"`{group.Key}`", string.Join(", ", group.CountBy(call => call.Method).Select(m => $"{m.Value} {m.Key}"))]);

    /// <summary>The path without what leads to every resource (endpoint, project or bucket), operations taken together.</summary>
    private static string ResourceOf(Call call)
    {
        var path = call.Path;
        foreach (var prefix in Prefixes)
            if (path.StartsWith(prefix, StringComparison.Ordinal))
                path = path.IndexOf('/', prefix.Length) is var end and > 0 ? path[(end + 1)..] : "the bucket";
        var words = Uri.UnescapeDataString(path).Split('/');
        return words.AsSpan().IndexOf("operations") is var at and >= 0 ? string.Join('/', words[..(at + 1)]) : string.Join('/', words);
    }
}
