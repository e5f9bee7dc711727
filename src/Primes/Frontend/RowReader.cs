using System.Text.Json;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>Reads a backend's answer to <c>GET /primes</c>, and believes it only when it is an answer to exactly that question.</summary>
internal static class RowReader
{
    /// <summary>Which of the numbers are prime; null where the document does not say it of them.</summary>
    internal static bool[]? Read(ReadOnlySpan<byte> document, IReadOnlyList<string> numbers)
    {
        try
        {
            var reader = new Utf8JsonReader(document);
            return Read(ref reader, numbers);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool[]? Read(ref Utf8JsonReader reader, IReadOnlyList<string> numbers)
    {
        var (isFrom, isCount) = (false, false);
        bool[]? primes = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("from"u8))
                isFrom = reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(numbers[0]);
            else if (reader.ValueTextEquals("count"u8))
                isCount = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count) && count == numbers.Count;
            else if (reader.ValueTextEquals("primes"u8))
                primes = ReadPrimes(ref reader, numbers);
            else
                reader.Skip();
        }

        // To the end: something behind the object throws.
        return !reader.Read() && isFrom && isCount ? primes : null;
    }

    /// <summary>Null where a prime is not among the numbers, or not in their order.</summary>
    private static bool[]? ReadPrimes(ref Utf8JsonReader reader, IReadOnlyList<string> numbers)
    {
        var primes = new bool[numbers.Count];
        var next = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            while (next < numbers.Count && !reader.ValueTextEquals(numbers[next]))
                next++;
            if (next == numbers.Count)
                return null;
            primes[next++] = true;
        }

        return reader.TokenType == JsonTokenType.EndArray ? primes : null;
    }
}
