using System.Collections.Concurrent;
using System.Globalization;

namespace PrimeDeploy.Primes.Tests.Fuzzing;

public sealed class FuzzTests
{
    private const int Batch = 50;

    /// <summary>How many requests are made; PRIMES_TEST_FUZZ_REQUESTS=1000000 makes a million.</summary>
    private static readonly int Requests = int.Parse(Environment.GetEnvironmentVariable("PRIMES_TEST_FUZZ_REQUESTS") ?? "40000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task No_request_whatsoever_makes_the_backend_err_or_answer_wrongly()
    {
        await using var backend = await Server.BackendAsync();
        Assert.Empty(await FuzzAsync(backend, Requests));
        Assert.Equal("True", await backend.Client.GetStringAsync("/7"));
    }

    [Fact]
    public async Task No_request_whatsoever_makes_the_frontend_err()
    {
        await using var backend = await Server.BackendAsync();
        await using var frontend = await Server.FrontendAsync(backend.Address);
        Assert.Empty(await FuzzAsync(frontend, Requests / 40, request => request with { Answer = null }));
    }

    private static async Task<ConcurrentQueue<string>> FuzzAsync(Server server, int count, Func<FuzzRequest, FuzzRequest>? change = null)
    {
        var problems = new ConcurrentQueue<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count / Batch), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (seed, _) =>
        {
            var requests = new FuzzRequests(seed);
            var batch = Enumerable.Range(0, Batch).Select(_ => requests.Next()).Select(request => change is null ? request : change(request)).ToArray();
            foreach (var problem in await new FuzzClient(server.Address.Port).SendAsync(batch).WaitAsync(TimeSpan.FromSeconds(120), CancellationToken.None))
                problems.Enqueue($"Seed {seed}: {problem}");
        });
        return problems;
    }
}
