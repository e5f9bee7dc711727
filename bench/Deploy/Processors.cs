using System.Diagnostics;
using System.Globalization;

namespace PrimeDeploy.DeployBench;

/// <summary>Waits until this computer's processors are nearly free, with a limit for all waiting together.</summary>
/// <param name="patience">The limit.</param>
internal sealed class Processors(TimeSpan patience)
{
    private const double FreeEnough = 0.15;
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(2);

    private TimeSpan _waited;

    /// <summary>How many runs started although the processors were busy.</summary>
    public int Disturbed { get; private set; }

    public async Task WaitUntilFreeAsync(CancellationToken cancellationToken)
    {
        while (await BusyAsync(cancellationToken) > FreeEnough)
        {
            if (_waited >= patience)
            {
                Disturbed++;
                return;
            }
            var started = Stopwatch.GetTimestamp();
            await Task.Delay(Sample, cancellationToken);
            _waited += Stopwatch.GetElapsedTime(started) + Sample;
        }
    }

    /// <returns>The share of all processors' time that something ran, over a short while.</returns>
    private static async Task<double> BusyAsync(CancellationToken cancellationToken)
    {
        var (idle, all) = Times();
        await Task.Delay(Sample, cancellationToken);
        var (idleLater, allLater) = Times();
        return 1 - ((double)(idleLater - idle) / (allLater - all));
    }

    /// <summary>The first line of proc_stat(5): user, nice, system, idle, iowait, …</summary>
    private static (long Idle, long All) Times()
    {
        var times = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
            .Select(field => long.Parse(field, CultureInfo.InvariantCulture)).ToArray();
        return (times[3] + times[4], times.Sum());
    }
}
