using System.Globalization;

namespace PrimeDeploy.Deployer.Tests.Verification;

public sealed class MatrixPageTests
{
    private static readonly HashSet<int> Primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
        89, 97];

    [Fact]
    public void A_right_page_is_right() => Assert.True(MatrixPage.Judge(Page(), 1).IsRight);

    [Theory]
    [InlineData(4, "#00ff00", "4 is shown as a prime, and is none")]
    [InlineData(97, "#ff0000", "97 is shown as no prime, and is one")]
    [InlineData(50, "#0000ff", "cell 50 has the colour #0000ff")]
    public void One_wrong_cell_is_found_and_named(int number, string color, string why) =>
        Assert.Equal(why, MatrixPage.Judge(Page((number, color, number.ToString(CultureInfo.InvariantCulture))), 1).Wrong);

    [Fact]
    public void A_wrong_number_is_found() =>
        Assert.Equal("cell 8 shows '9' and not 8", MatrixPage.Judge(Page((8, "#ff0000", "9")), 1).Wrong);

    [Fact]
    public void Unknown_cells_are_counted_and_not_called_wrong()
    {
        var judgement = MatrixPage.Judge(Page((8, "#9e9e9e", "8 ?"), (9, "#9e9e9e", "9 ?")), 1);

        Assert.Null(judgement.Wrong);
        Assert.Equal(2, judgement.Unknown);
        Assert.False(judgement.IsRight);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html><body>502 Bad Gateway</body></html>")]
    public void Another_page_is_wrong(string html) => Assert.Equal("the page has 0 cells and not 100", MatrixPage.Judge(html, 1).Wrong);

    private static string Page(params (int Number, string Color, string Text)[] except)
    {
        var cells = Enumerable.Range(1, 100).Select(number =>
        {
            var color = Primes.Contains(number) ? "#00ff00" : "#ff0000";
            var text = number.ToString(CultureInfo.InvariantCulture);
            foreach (var one in except.Where(one => one.Number == number)) (color, text) = (one.Color, one.Text);
            return $"<td bgcolor='{color}'>{text}</td>";
        });
        return $"<!DOCTYPE html><html><body><table>{string.Concat(cells.Chunk(10).Select(row => $"<tr>{string.Concat(row)}</tr>\n"))}</table></body></html>";
    }
}
