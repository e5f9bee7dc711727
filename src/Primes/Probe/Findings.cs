using System.Text;
using System.Text.Json;

namespace PrimeDeploy.Primes.Probe;

/// <summary>
/// Writes findings as single lines, <c>primes-probe: {"seq":1,…}</c>, made to be read back out of a serial port's log, where other lines come between
/// and each has the log's own prefix. The sequence shows whether one is missing.
/// </summary>
internal sealed class Findings(Stream output, TimeProvider time) : IDisposable
{
    internal const string Mark = "primes-probe: ";

    private readonly long began = time.GetTimestamp();
    private int sequence;

    internal void Asked(string path, string? answer, int status, bool right, string from, string? servedBy, TimeSpan took) => Write(json =>
    {
        json.WriteString("ask", path);
        json.WriteString("answer", answer);
        json.WriteNumber("status", status);
        json.WriteBoolean("right", right);
        json.WriteString("from", from);
        json.WriteString("servedBy", servedBy);
        json.WriteNumber("ms", Milliseconds(took));
    });

    internal void Backend(string name, int connection) => Write(json =>
    {
        json.WriteString("backend", name);
        json.WriteNumber("connection", connection);
    });

    /// <summary>The last line. <paramref name="why"/> is null where all is well.</summary>
    internal void Done(int asked, int backends, int expectedBackends, int connections, string? why) => Write(json =>
    {
        json.WriteBoolean("done", true);
        json.WriteBoolean("ok", why is null);
        json.WriteNumber("asked", asked);
        json.WriteNumber("backends", backends);
        json.WriteNumber("expectedBackends", expectedBackends);
        json.WriteNumber("connections", connections);
        json.WriteNumber("ms", Milliseconds(time.GetElapsedTime(began)));
        if (why is not null)
            json.WriteString("why", why);
    });

    public void Dispose() => output.Dispose();

    private void Write(Action<Utf8JsonWriter> content)
    {
        using var line = new MemoryStream();
        line.Write(Encoding.UTF8.GetBytes(Mark));
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", ++sequence);
            content(json);
            json.WriteEndObject();
        }

        // One write per line: nothing else on the serial port can come into the middle of it.
        line.WriteByte((byte)'\n');
        output.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        output.Flush();
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);
}
