using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PrimeDeploy.EndToEnd.Tests.Lab;

/// <summary>
/// Constant load on the backends until it is stopped: clients that keep their connection, clients that rest between requests, and clients that connect for every
/// request. No request is made twice; each that does not get its right answer is told.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    /// <summary>Guards a request that hangs: a connection to a machine that is gone.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Func<Socket> _open;
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _servedBy = new();
    private readonly List<Task> _clients;

    public Load(Func<Socket> open, IPEndPoint server)
    {
        (_open, _server) = (open, server);
        _clients =
        [
            .. Clients(6, restSeconds: 0.01, keeps: true),
            .. Clients(4, restSeconds: 0.7, keeps: true),
            .. Clients(4, restSeconds: 0.01, keeps: false),
        ];
    }

    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>The machines that answered so far, with how often.</summary>
    public IReadOnlyDictionary<string, int> ServedBy => _servedBy.ToDictionary();

    /// <summary>Completes when so many machines have answered.</summary>
    public async Task AnsweredByAsync(int machines)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (_servedBy.Count < machines)
            await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private List<Task> Clients(int count, double restSeconds, bool keeps) =>
        Enumerable.Range(0, count).Select(_ => Task.Run(() => AskAsync(TimeSpan.FromSeconds(restSeconds), keeps))).ToList();

    private async Task AskAsync(TimeSpan rest, bool keeps)
    {
        StrictConnection? connection = null;
        while (!_stop.IsCancellationRequested)
        {
            if (connection is not null && (!keeps || !connection.IsOpen))
            {
                connection.Dispose();
                connection = null;
            }
            var fresh = connection is null;
            using var limit = new CancellationTokenSource(Limit);
            var began = DateTime.UtcNow;
            try
            {
                if (connection is null)
                {
                    connection = new StrictConnection(_open());
                    await connection.ConnectAsync(_server, limit.Token);
                }
                var (body, servedBy) = await connection.GetAsync("/97", limit.Token);
                if (body != "True")
                    throw new IOException($"{servedBy} says {body}");
                _servedBy.AddOrUpdate(servedBy, 1, (_, count) => count + 1);
            }
            catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException)
            {
                Failures.Enqueue($"{began:HH:mm:ss.fff} {(fresh ? "new" : "kept")} connection, after {(DateTime.UtcNow - began).TotalSeconds:F1} s: {failure.Message}");
                connection?.Dispose();
                connection = null;
            }
            await Task.Delay(rest, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        connection?.Dispose();
    }
}
