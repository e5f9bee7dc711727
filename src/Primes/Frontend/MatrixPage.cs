using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>The page: the lab's table of ten by ten cells, green for primes and red for the others, grey where nobody could be asked.</summary>
internal static class MatrixPage
{
    /// <summary>Digits up to which a number fits a cell on a telephone.</summary>
    private const int ShortDigits = 4;

    /// <summary>Digits up to which a number fits a cell on a screen.</summary>
    private const int MediumDigits = 9;

    /// <summary>Digits up to which a number is said in the title.</summary>
    private const int TitleDigits = 30;

    private static readonly byte[] Head = Encoding.UTF8.GetBytes(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <style>{PageStyle.Css}</style>

        """);

    internal static ReadOnlyMemory<byte> Render(Matrix matrix)
    {
        var page = new ArrayBufferWriter<byte>(16_384);
        page.Write(Head);
        var title = matrix.First.Length > TitleDigits ? $"Primes from a number of {matrix.First.Length} digits" : $"Primes from {matrix.First} to {matrix.Last}";
        page.Text($"<title>{title}</title>\n</head>\n<body>\n<header>\n<h1>{title}</h1>\n");
        AppendNavigation(page, matrix.Start);
        page.Write("</header>\n<main>\n"u8);
        AppendWarning(page, matrix);
        AppendTable(page, matrix);
        AppendSummary(page, matrix);
        page.Write("</main>\n</body>\n</html>\n"u8);
        return page.WrittenMemory;
    }

    private static void AppendNavigation(IBufferWriter<byte> page, BigInteger start)
    {
        page.Write("<nav aria-label=\"Numbers\">\n"u8);
        if (start > 1)
            page.Text($"<a rel=\"prev\" href=\"/{Plain(BigInteger.Max(start - Matrix.Size, 1))}\">← Previous hundred</a>\n");
        page.Write(
            """
            <form action="/"><label for="start">Jump to</label> <input id="start" name="start" inputmode="numeric" pattern="[0-9]+" maxlength="1000" title="a whole number from 0 up" required autocomplete="off"> <button>Show</button></form>

            """u8);
        if (start < Matrix.LastStart)
            page.Text($"<a rel=\"next\" href=\"/{Plain(BigInteger.Min(start + Matrix.Size, Matrix.LastStart))}\">Next hundred →</a>\n");
        page.Write("</nav>\n"u8);

        static string Plain(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static void AppendWarning(IBufferWriter<byte> page, Matrix matrix)
    {
        var unknown = matrix.Unknown.Count();
        if (unknown > 0)
            page.Text($"<p class=\"warning\" role=\"alert\"><strong>{unknown} of {Matrix.Size} numbers could not be asked in time</strong> and are grey, with a question mark. Reload the page to ask again.</p>\n");
    }

    private static void AppendTable(IBufferWriter<byte> page, Matrix matrix)
    {
        var length = matrix.Last.Length switch { <= ShortDigits => "short", <= MediumDigits => "medium", _ => "long" };
        page.Text($"<div class=\"matrix\" role=\"region\" aria-label=\"A hundred numbers\" tabindex=\"0\">\n<table class=\"{length}\">\n");
        page.Write("<caption>Primes are green and bold and have a check mark; other numbers are red.</caption>\n"u8);
        foreach (var row in matrix.Rows)
        {
            page.Write("<tr>"u8);
            for (var i = 0; i < row.Numbers.Count; i++)
            {
                // As the lab's page has them, so that what reads that page reads this one.
                page.Write(row.ArePrime switch
                {
                    null => "<td bgcolor='#9e9e9e'>"u8,
                    { } primes when primes[i] => "<td bgcolor='#00ff00'>"u8,
                    _ => "<td bgcolor='#ff0000'>"u8,
                });
                page.Text(row.Numbers[i]);
                page.Write(row.ArePrime is null ? " ?</td>"u8 : "</td>"u8);
            }

            page.Write("</tr>\n"u8);
        }

        page.Write("</table>\n</div>\n"u8);
    }

    private static void AppendSummary(IBufferWriter<byte> page, Matrix matrix)
    {
        var primes = matrix.Primes.ToArray();
        var known = Matrix.Size - matrix.Unknown.Count();
        page.Text(string.Create(CultureInfo.InvariantCulture, $"<p>{Count(primes.Length, "prime")} among {Count(known, "answer")} in {matrix.Took.TotalMilliseconds:0.0} ms.</p>\n"));
        if (primes.Length > 0)
            page.Text($"<details><summary>The primes as text</summary><p class=\"primes\">{string.Join(", ", primes)}</p></details>\n");

        var shares = matrix.Shares.ToArray();
        if (shares.Length == 0)
            return;
        page.Write("<h2>Answered by</h2>\n<ul>\n"u8);
        foreach (var (machine, numbers) in shares)
            page.Text($"<li><label>{HtmlEncoder.Default.Encode(machine)} <meter max=\"{Matrix.Size}\" value=\"{numbers}\"></meter> {numbers}</label></li>\n");
        page.Write("</ul>\n"u8);
    }

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";

    private static void Text(this IBufferWriter<byte> page, string text) => Encoding.UTF8.GetBytes(text, page);
}
