using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Hosting;

namespace PrimeDeploy.Primes.Probe;

/// <summary>
/// Proves a load balancer from inside its network: it answers, the answers are right, and every machine behind it takes its part.
/// A connection per request, because a load balancer of layer 4 chooses a machine per connection.
/// </summary>
internal sealed class ProbeRun : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// So many new connections per expected machine are made at full speed; of three machines one stays unmet by 60 with a chance of 1 in 10^10.
    /// After that it is a machine that does not take part yet, and each further connection waits for a pause.
    /// </summary>
    private const int ConnectionsPerBackend = 20;

    private readonly HttpClient client;
    private readonly string server;
    private readonly Findings findings;
    private readonly TimeProvider time;
    private readonly HashSet<string> backends = new(StringComparer.Ordinal);
    private int connections;

    internal ProbeRun(Uri server, Findings findings, TimeProvider time)
    {
        this.server = server.Authority;
        this.findings = findings;
        this.time = time;
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.Zero,
            ConnectTimeout = TimeSpan.FromSeconds(1),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        client = new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(5), MaxResponseContentBufferSize = 4_096 };
    }

    /// <summary>Writes a finding for every number and every machine, and the last line; true when all was as it has to be.</summary>
    internal async Task<bool> AskAllAsync(IReadOnlyList<BigInteger> numbers, int expectedBackends, CancellationToken deadline)
    {
        var wrong = new List<string>();
        var asked = 0;
        string? why = null;
        try
        {
            foreach (var number in numbers)
            {
                if (!await AskAsync(number, deadline))
                    wrong.Add("/" + number);
                asked++;
            }

            if (wrong.Count > 0)
                why = $"wrong answers to {string.Join(", ", wrong)}";
            await MeetAsync(numbers[0], expectedBackends, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            why ??= asked < numbers.Count
                ? $"no answer to /{numbers[asked]} from {server} before the deadline; the last try: {lastFailure}"
                : $"only {backends.Count} of {expectedBackends} backends answered before the deadline";
        }

        findings.Done(asked, backends.Count, expectedBackends, connections, why);
        return why is null;
    }

    public void Dispose() => client.Dispose();

    private string lastFailure = "none was made";

    private async Task<bool> AskAsync(BigInteger number, CancellationToken deadline)
    {
        var path = "/" + number;
        var began = time.GetTimestamp();
        var (status, text, servedBy) = await AnswerAsync(path, deadline);
        var right = status == 200 && text == (PrimalityTest.IsPrime(number, deadline) ? "True" : "False");
        findings.Asked(path, text, status, right, server, servedBy, time.GetElapsedTime(began));
        Note(servedBy);
        return right;
    }

    private async Task MeetAsync(BigInteger number, int expected, CancellationToken deadline)
    {
        for (var i = 0; backends.Count < expected; i++)
        {
            if (i >= ConnectionsPerBackend * expected)
                await Task.Delay(LongestPause, time, deadline);
            Note((await AnswerAsync("/" + number, deadline)).ServedBy);
        }
    }

    private void Note(string? servedBy)
    {
        if (servedBy is not null && backends.Add(servedBy))
            findings.Backend(servedBy, connections);
    }

    /// <summary>The first answer below 500: until then the load balancer, or the machines behind it, are still on their way up.</summary>
    private async Task<(int Status, string Text, string? ServedBy)> AnswerAsync(string path, CancellationToken deadline)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                connections++;
                using var response = await client.GetAsync(new Uri(path, UriKind.Relative), deadline);
                if ((int)response.StatusCode < 500)
                {
                    var servedBy = response.Headers.TryGetValues(Reply.ServedByHeader, out var values) ? values.First() : null;
                    return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(deadline), servedBy);
                }

                lastFailure = $"HTTP {(int)response.StatusCode}";
            }
            catch (HttpRequestException exception)
            {
                lastFailure = exception.Message;
            }
            catch (OperationCanceledException) when (!deadline.IsCancellationRequested)
            {
                lastFailure = "no answer within 5 s";
            }

            await Task.Delay(pause, time, deadline);
        }
    }
}
