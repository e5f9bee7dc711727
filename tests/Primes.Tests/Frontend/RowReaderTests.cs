using System.Text;
using PrimeDeploy.Primes.Frontend;

namespace PrimeDeploy.Primes.Tests.Frontend;

public sealed class RowReaderTests
{
    private static readonly string[] Numbers = ["8", "9", "10", "11"];

    [Theory]
    [InlineData("""{"from":"8","count":4,"primes":["11"]}""")]
    [InlineData("""{"primes":["11"],"later":[{"x":null}],"count":4,"from":"8"}""")]
    public void An_answer_to_the_question_is_believed(string document) => Assert.Equal((bool[])[false, false, false, true], Read(document));

    [Theory]
    [InlineData("")]
    [InlineData("True")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""["11"]""")]
    [InlineData("""{"from":"8","count":4}""")]
    [InlineData("""{"count":4,"primes":["11"]}""")]
    [InlineData("""{"from":"8","primes":["11"]}""")]
    [InlineData("""{"from":"9","count":4,"primes":["11"]}""")]
    [InlineData("""{"from":"8","count":5,"primes":["11"]}""")]
    [InlineData("""{"from":"8","count":4,"primes":["12"]}""")]
    [InlineData("""{"from":"8","count":4,"primes":["11","9"]}""")]
    [InlineData("""{"from":"8","count":4,"primes":["11","11"]}""")]
    [InlineData("""{"from":"8","count":4,"primes":[11]}""")]
    [InlineData("""{"from":"8","count":4,"primes":"11"}""")]
    [InlineData("""{"from":"8","count":4,"primes":["11"]""")]
    [InlineData("""{"from":"8","count":4,"primes":["11"]}}""")]
    [InlineData("""{"from":"8","count":4,"primes":["1""")]
    public void Anything_else_is_not(string document) => Assert.Null(Read(document));

    private static bool[]? Read(string document) => RowReader.Read(Encoding.UTF8.GetBytes(document), Numbers);
}
