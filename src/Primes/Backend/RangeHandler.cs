using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Backend;

/// <summary>
/// <c>GET /primes?from=N&amp;count=M</c>: the primes among M numbers from N on, as <c>{"from":"1","count":10,"primes":["2","3","5","7"]}</c>.
/// The numbers are texts, because most readers of JSON round what is above 2^53.
/// </summary>
internal sealed class RangeHandler(PrimeCalculator calculator)
{
    private const int MaxCount = 10_000;

    private static readonly BigInteger End = BigInteger.Pow(10, NumberText.MaxDigits);

    internal Task AnswerAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var problems = new List<string>();
        // A parameter that is given twice is joined with a comma here, and so is no number.
        var from = BigInteger.Zero;
        if (NumberText.TryRead("The parameter from", query["from"].ToString(), out var digits, out var problem))
            from = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        else
            problems.Add(problem!);

        if (!int.TryParse(query["count"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MaxCount)
            problems.Add($"The parameter count must be a whole number from 1 to {MaxCount}.");
        else if (from + count > End)
            problems.Add($"The last number would have more than {NumberText.MaxDigits} digits: take a smaller from or count.");

        return problems.Count == 0
            ? AnswerAsync(context, from, count)
            : Problem.AnswerAsync(context, StatusCodes.Status400BadRequest, string.Join(' ', problems));
    }

    private async Task AnswerAsync(HttpContext context, BigInteger from, int count)
    {
        try
        {
            var primes = await calculator.PrimesAsync(from, count, context.RequestAborted);
            await Reply.WriteAsync(context, StatusCodes.Status200OK, Reply.Json, Write(from, count, primes));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went; nobody is left to answer.
        }
    }

    private static ReadOnlyMemory<byte> Write(BigInteger from, int count, IReadOnlyList<BigInteger> primes)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("from"u8, from.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("count"u8, count);
        json.WriteStartArray("primes"u8);
        foreach (var prime in primes)
            json.WriteStringValue(prime.ToString(CultureInfo.InvariantCulture));
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
