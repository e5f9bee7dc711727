namespace PrimeDeploy.DeployBench;

internal static class Markdown
{
    /// <param name="rows">The first has the columns' headings.</param>
    public static IEnumerable<string> Table(IReadOnlyList<IReadOnlyList<string>> rows) =>
        [Line(rows[0]), Line([.. rows[0].Select(_ => "---")]), .. rows.Skip(1).Select(Line)];

    private static string Line(IReadOnlyList<string> cells) => $"| {string.Join(" | ", cells)} |";
}
