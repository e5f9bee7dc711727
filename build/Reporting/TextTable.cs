namespace PrimeDeploy.Build.Reporting;

/// <summary>Columns for a terminal, as wide as their widest cell.</summary>
internal static class TextTable
{
    /// <summary>The lines of the table: the first row is the heading.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Count).Select(column => rows.Max(row => row[column].Length)).ToArray();
        string Line(IReadOnlyList<string> row) => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
        yield return Line(rows[0]);
        yield return Line([.. widths.Select(width => new string('-', width))]);
        foreach (var row in rows.Skip(1))
            yield return Line(row);
    }
}
