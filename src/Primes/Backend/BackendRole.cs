using PrimeDeploy.Primes.Hosting;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Backend;

/// <summary><c>primes backend</c></summary>
internal static class BackendRole
{
    internal static readonly Role Description = new(
        "backend", "answers GET /N with True where N is prime, with False where it is not; GET /primes, /metrics and /healthz too.", WebServer.Settings, RunAsync);

    /// <summary>Everything that the role answers.</summary>
    internal static RequestDelegate Answer(Drain drain, PrimeCalculator calculator, TimeProvider time)
    {
        var metrics = new RequestMetrics(time);
        metrics.AddGauge("primes_large_waiting", "Tests of large numbers that wait for others of their kind.", () => calculator.Waiting);
        var numbers = new BackendHandler(calculator);
        return metrics.Around(Gate.Before(drain, context => Reply.PathOf(context.Request) is "metrics" ? metrics.AnswerAsync(context) : numbers.AnswerAsync(context)));
    }

    private static async Task<int> RunAsync(SettingReader reader)
    {
        var listen = reader.ListenAddress("listen");
        var limits = DrainLimits.Read(reader);
        if (listen is null || reader.Problems.Count > 0)
            return 0;

        using var calculator = new PrimeCalculator(Environment.ProcessorCount);
        return await WebServer.RunAsync(listen, limits, drain => Answer(drain, calculator, TimeProvider.System), Description.Name);
    }
}
