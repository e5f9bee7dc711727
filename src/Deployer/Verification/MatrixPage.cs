using System.Globalization;
using System.Text.RegularExpressions;

namespace PrimeDeploy.Deployer;

/// <summary>Reads the frontend's page and judges every cell of its ten by ten table.</summary>
internal static partial class MatrixPage
{
    private const int Cells = 100;

    /// <summary>What the page is.</summary>
    /// <param name="Wrong">What is wrong for good, in one sentence; null when nothing is.</param>
    /// <param name="Unknown">How many cells the frontend could not get an answer for: asking again may help.</param>
    public sealed record Judgement(string? Wrong, int Unknown)
    {
        public bool IsRight => Wrong is null && Unknown == 0;
    }

    /// <summary>Compares each cell, in order, with the number that has to be there and whether that is a prime.</summary>
    public static Judgement Judge(string html, int start)
    {
        var cells = Cell().Matches(html);
        if (cells.Count != Cells) return new($"the page has {cells.Count} cells and not {Cells}", 0);

        var unknown = 0;
        for (var index = 0; index < Cells; index++)
        {
            var number = start + index;
            var text = cells[index].Groups["text"].Value.Trim();
            var color = cells[index].Groups["color"].Value.ToLowerInvariant();
            bool? shown = color switch { "#00ff00" => true, "#ff0000" => false, _ => null };
            if (shown is null && text.EndsWith('?'))
            {
                unknown++;
                text = text.TrimEnd('?', ' ');
            }
            else if (shown is null)
            {
                return new($"cell {index + 1} has the colour {color}", unknown);
            }
            if (text != number.ToString(CultureInfo.InvariantCulture)) return new($"cell {index + 1} shows '{text}' and not {number}",
                unknown);
            if (shown is { } prime && prime != SmallPrimes.IsPrime(number))
                return new($"{number} is shown as {(prime ? "a prime" : "no prime")}, and is {(prime ? "none" : "one")}", unknown);
        }
        return new(null, unknown);
    }

    [GeneratedRegex("<td bgcolor=['\"](?<color>#[0-9a-fA-F]{6})['\"]>(?<text>[^<]*)</td>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cell();
}
