using System.Collections.Concurrent;
using Xunit.Sdk;

namespace PrimeDeploy.EndToEnd.Tests.Lab;

/// <summary>People who open the frontend's page again and again until they are stopped; each page that is not whole and right is told.</summary>
internal sealed class PageReaders : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _read = new(0);
    private readonly List<Task> _readers;

    public PageReaders(Uri page, long start) => _readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAsync(page, start))).ToList();

    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Completes when so many more pages have been read.</summary>
    public async Task ReadAsync(int pages)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (; pages > 0; pages--)
            await _read.WaitAsync(limit.Token);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_readers);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _read.Dispose();
    }

    private async Task ReadAsync(Uri page, long start)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                LabPage.AssertRight(await LabPage.ReadAsync(page), start);
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or XunitException)
            {
                Failures.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff}: {failure.Message}");
            }
            _read.Release();
        }
    }
}
