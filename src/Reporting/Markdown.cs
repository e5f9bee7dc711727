using System.Text;

namespace PrimeDeploy.Reporting;

/// <summary>GitHub's Markdown, which Azure DevOps reads too.</summary>
internal static class Markdown
{
    /// <summary>A table; the first row is its heading.</summary>
    public static string Table(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        text.Append(Row(rows[0])).Append(Row([.. rows[0].Select(_ => "---")], escaped: true));
        foreach (var row in rows.Skip(1))
            text.Append(Row(row));
        return text.ToString();
    }

    /// <summary>Text that stands as it is, with no markup of its own, on one line.</summary>
    public static string Text(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text.ReplaceLineEndings(" "))
            escaped.Append(c is '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '#' or '~' ? $"\\{c}" : c switch { '<' => "&lt;", '>' => "&gt;", '&' => "&amp;", '@' => "&#64;", _ => c.ToString() });
        return escaped.ToString();
    }

    /// <summary>A block of text as it is; its fence is longer than any in the text.</summary>
    public static string Block(string text, string language = "text")
    {
        var fence = "```";
        while (text.Contains(fence, StringComparison.Ordinal))
            fence += "`";
        return $"{fence}{language}\n{text.TrimEnd()}\n{fence}\n";
    }

    /// <summary>Folded until it is clicked.</summary>
    public static string Folded(string title, string body) => $"<details><summary>{Text(title)}</summary>\n\n{body.TrimEnd()}\n\n</details>\n";

    private static string Row(IEnumerable<string> cells, bool escaped = false) =>
        $"| {string.Join(" | ", cells.Select(cell => escaped ? cell : Text(cell)))} |\n";
}
