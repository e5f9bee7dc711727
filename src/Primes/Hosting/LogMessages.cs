namespace PrimeDeploy.Primes.Hosting;

/// <summary>What the program logs.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "primes {Role} listens on {Address} as {ServedBy}.")]
    internal static partial void Listens(this ILogger logger, string role, string address, string servedBy);

    [LoggerMessage(2, LogLevel.Information, "Told to stop: health checks fail from now on; the port closes in {Delay} s, requests in flight have {Limit} s more.")]
    internal static partial void Drains(this ILogger logger, double delay, double limit);

    [LoggerMessage(3, LogLevel.Information, "primes {Role} has ended in order.")]
    internal static partial void Ended(this ILogger logger, string role);
}
