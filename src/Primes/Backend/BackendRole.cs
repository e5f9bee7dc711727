using PrimeDeploy.Primes.Hosting;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Backend;

/// <summary><c>primes backend</c></summary>
internal static class BackendRole
{
    internal static readonly Role Description = new("backend", "answers GET /N with True where N is prime, with False where it is not.", WebProgram.Settings, RunAsync);

    private static async Task<int> RunAsync(SettingReader reader)
    {
        var listen = reader.ListenAddress("listen");
        var limits = DrainLimits.Read(reader);
        if (listen is null || reader.Problems.Count > 0)
            return 0;

        var handler = new BackendHandler(new PrimeCalculator(Environment.ProcessorCount));
        return await WebProgram.RunAsync(WebProgram.Build(listen, limits, drain => Health.Before(drain, handler.AnswerAsync)), Description.Name);
    }
}
