using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>The page: the lab's table of ten by ten cells, green for primes and red for the others, grey where nobody could be asked.</summary>
internal static class MatrixPage
{
    // As the lab's page has them, so that what reads that page reads this one.
    private const string PrimeColor = "#00ff00";
    private const string CompositeColor = "#ff0000";
    private const string UnknownColor = "#9e9e9e";

    private const string Style =
        """
        body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff }
        table { width: 100%; border-spacing: 3px; table-layout: fixed }
        td { padding: .6em .2em; border-radius: 4px; text-align: center; color: #000; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
        td[bgcolor='#00ff00'] { font-weight: 700 }
        nav { display: flex; justify-content: space-between; margin: 1rem 0 }
        .long td { font-size: .7rem }
        @media (prefers-color-scheme: dark) { body { color: #eee; background: #16181c } a { color: #8ab4f8 } }
        """;

    /// <summary>Nothing but the style above is allowed, so that text that came from elsewhere could not do anything even if it were not escaped.</summary>
    internal static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    internal static byte[] Render(Matrix matrix)
    {
        var first = matrix.Numbers[0];
        var title = first.Length > 30 ? $"Primes from a number of {first.Length} digits" : $"Primes from {first} to {matrix.Numbers[^1]}";
        var page = new StringBuilder(12_000);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n")
            .Append($"<title>{title}</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{Style}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n")
            .Append($"<p>Primes are green and bold, other numbers red{(matrix.Unknown > 0 ? ", unknown ones grey with a question mark" : "")}.</p>\n");
        AppendTable(page, matrix);
        AppendLinks(page, matrix.Start);
        AppendSummary(page, matrix);
        return Encoding.UTF8.GetBytes(page.Append("</main>\n</body>\n</html>\n").ToString());
    }

    private static void AppendTable(StringBuilder page, Matrix matrix)
    {
        page.Append(matrix.Numbers[^1].Length > 12 ? "<table class=\"long\">\n" : "<table>\n");
        for (var i = 0; i < matrix.Numbers.Count; i++)
        {
            var (color, mark) = matrix.Answers[i].IsPrime switch
            {
                true => (PrimeColor, ""),
                false => (CompositeColor, ""),
                null => (UnknownColor, " ?"),
            };
            page.Append(i % Matrix.Columns == 0 ? "<tr>" : "")
                .Append($"<td bgcolor='{color}'>{matrix.Numbers[i]}{mark}</td>")
                .Append((i + 1) % Matrix.Columns == 0 ? "</tr>\n" : "");
        }

        page.Append("</table>\n");
    }

    private static void AppendLinks(StringBuilder page, BigInteger start)
    {
        var next = BigInteger.Min(start + Matrix.Size, Matrix.LastStart);
        page.Append("<nav>");
        if (start > 1)
            page.Append($"<a rel=\"prev\" href=\"/{Plain(BigInteger.Max(start - Matrix.Size, 1))}\">Previous hundred</a>");
        else
            page.Append("<span></span>");
        if (next > start)
            page.Append($"<a rel=\"next\" href=\"/{Plain(next)}\">Next hundred</a>");
        page.Append("</nav>\n");

        static string Plain(BigInteger number) => number.ToString(CultureInfo.InvariantCulture);
    }

    private static void AppendSummary(StringBuilder page, Matrix matrix)
    {
        var known = Matrix.Size - matrix.Unknown;
        page.Append(CultureInfo.InvariantCulture, $"<p>{matrix.Primes} primes among {known} answers in {matrix.Took.TotalMilliseconds:0.0} ms.");
        if (matrix.Unknown > 0)
            page.Append($" <strong>{matrix.Unknown} of {Matrix.Size} numbers could not be asked in time. Reload the page to ask again.</strong>");
        page.Append("</p>\n");

        var shares = matrix.Answers.Where(answer => answer.ServedBy is not null).CountBy(answer => answer.ServedBy!).OrderBy(share => share.Key, StringComparer.Ordinal).ToArray();
        if (shares.Length == 0)
            return;
        page.Append("<p>Answered by:</p>\n<ul>\n");
        foreach (var (machine, count) in shares)
            page.Append($"<li>{HtmlEncoder.Default.Encode(machine)}: {count}</li>\n");
        page.Append("</ul>\n");
    }
}
