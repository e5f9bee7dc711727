using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>How a program that is told to stop takes its leave.</summary>
/// <param name="Delay">How long it still takes new connections, so that load balancers notice the failing health check first.</param>
/// <param name="Limit">How long requests in flight may take after that.</param>
internal sealed record DrainLimits(TimeSpan Delay, TimeSpan Limit)
{
    internal static DrainLimits Read(SettingReader reader) =>
        new(reader.Seconds("drain-delay", 0, 60), reader.Seconds("drain-limit", 0, 600));
}
