using System.Globalization;
using System.Text;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>
/// Counts the answers by status and how long they took, for <c>GET /metrics</c> in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). What Kestrel itself refuses, such as a malformed request line, is not among them.
/// </summary>
internal sealed class RequestMetrics(TimeProvider time)
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Upper bounds in seconds: from a small number, some microseconds, to a page that waited for its deadline.</summary>
    private static readonly double[] Bounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly long[] byStatus = new long[600];
    private readonly long[] byDuration = new long[Bounds.Length + 1];
    private readonly List<(string Name, string Meaning, Func<double> Read)> gauges = [];
    private long ticks;

    /// <summary>Adds a value that is read when it is asked for; before the first request only.</summary>
    internal void AddGauge(string name, string meaning, Func<double> read) => gauges.Add((name, meaning, read));

    /// <summary>Counts what <paramref name="answer"/> does.</summary>
    internal RequestDelegate Around(RequestDelegate answer) => context =>
    {
        var began = time.GetTimestamp();
        var answering = answer(context);
        if (!answering.IsCompletedSuccessfully)
            return CountAfterAsync(answering, context, began);
        Count(context, began);
        return answering;
    };

    /// <summary>The metrics as Prometheus reads them.</summary>
    internal Task AnswerAsync(HttpContext context) => Reply.WriteAsync(context, StatusCodes.Status200OK, ContentType, Encoding.UTF8.GetBytes(Write()));

    private string Write()
    {
        var text = new StringBuilder(4_096);
        Describe("primes_requests_total", "counter", "Requests answered, by status.");
        for (var status = 0; status < byStatus.Length; status++)
        {
            if (Volatile.Read(ref byStatus[status]) is > 0 and var count)
                Line($"primes_requests_total{{code=\"{status}\"}} {count}");
        }

        Describe("primes_request_duration_seconds", "histogram", "Time from the request's headers to its answer.");
        var sum = 0L;
        for (var i = 0; i < byDuration.Length; i++)
        {
            sum += Volatile.Read(ref byDuration[i]);
            Line($"primes_request_duration_seconds_bucket{{le=\"{(i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf")}\"}} {sum}");
        }

        Line($"primes_request_duration_seconds_sum {TimeSpan.FromTicks(Volatile.Read(ref ticks)).TotalSeconds}");
        Line($"primes_request_duration_seconds_count {sum}");
        foreach (var (name, meaning, read) in gauges)
        {
            Describe(name, "gauge", meaning);
            Line($"{name} {read()}");
        }

        Describe("process_cpu_seconds_total", "counter", "Processor time used, user and system.");
        Line($"process_cpu_seconds_total {Environment.CpuUsage.TotalTime.TotalSeconds}");
        Describe("process_resident_memory_bytes", "gauge", "Resident memory.");
        Line($"process_resident_memory_bytes {Environment.WorkingSet}");
        return text.ToString();

        void Describe(string name, string type, string meaning) => text.Append($"# HELP {name} {meaning}\n# TYPE {name} {type}\n");
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private async Task CountAfterAsync(Task answering, HttpContext context, long began)
    {
        await answering;
        Count(context, began);
    }

    private void Count(HttpContext context, long began)
    {
        var took = time.GetElapsedTime(began);
        var bucket = 0;
        while (bucket < Bounds.Length && took.TotalSeconds > Bounds[bucket])
            bucket++;
        Interlocked.Increment(ref byDuration[bucket]);
        Interlocked.Increment(ref byStatus[context.Response.StatusCode]);
        Interlocked.Add(ref ticks, took.Ticks);
    }
}
