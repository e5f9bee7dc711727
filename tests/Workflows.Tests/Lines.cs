namespace PrimeDeploy.Workflows.Tests;

internal static class Lines
{
    /// <summary>Neighbours that are alike, together.</summary>
    public static IEnumerable<(bool Key, List<string> Lines)> GroupAdjacent(this IEnumerable<string> lines, Func<string, bool> key)
    {
        (bool Key, List<string> Lines)? group = null;
        foreach (var line in lines)
        {
            if (group is { } same && same.Key == key(line))
            {
                same.Lines.Add(line);
                continue;
            }
            if (group is { } done)
                yield return done;
            group = (key(line), [line]);
        }
        if (group is { } last)
            yield return last;
    }
}
