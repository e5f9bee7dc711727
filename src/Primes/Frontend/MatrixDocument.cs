using System.Buffers;
using System.Text.Json;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>
/// The matrix for programs: <c>{"start":"1","count":100,"primes":["2",…],"unknown":[],"servedBy":{"backend-x1y2":100},"milliseconds":0.9}</c>.
/// The numbers are texts, because most readers of JSON round what is above 2^53.
/// </summary>
internal static class MatrixDocument
{
    internal static ReadOnlyMemory<byte> Render(Matrix matrix)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("start"u8, matrix.First);
        json.WriteNumber("count"u8, Matrix.Size);
        WriteNumbers("primes"u8, matrix.Primes);
        WriteNumbers("unknown"u8, matrix.Unknown);
        json.WriteStartObject("servedBy"u8);
        foreach (var (machine, numbers) in matrix.Shares)
            json.WriteNumber(machine, numbers);
        json.WriteEndObject();
        json.WriteNumber("milliseconds"u8, Math.Round(matrix.Took.TotalMilliseconds, 3));
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;

        void WriteNumbers(ReadOnlySpan<byte> name, IEnumerable<string> numbers)
        {
            json.WriteStartArray(name);
            foreach (var number in numbers)
                json.WriteStringValue(number);
            json.WriteEndArray();
        }
    }
}
