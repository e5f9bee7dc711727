using System.Collections.Concurrent;
using System.Runtime.Versioning;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// A thread that lives in a network namespace. Sockets and processes that it makes belong to the namespace wherever they are used later;
/// the rest of this process stays where it is.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class NetworkNamespace : IDisposable
{
    private const int StackBytes = 256 * 1024;

    private readonly BlockingCollection<Action> _work = [];

    private NetworkNamespace(string name, Action enter, TaskCompletionSource entered)
    {
        var thread = new Thread(() => Live(enter, entered), StackBytes) { IsBackground = true, Name = $"netns {name}" };
        thread.Start();
    }

    /// <summary>Enters the namespace that a file stands for, for example /run/netns/NAME or /proc/PID/ns/net.</summary>
    public static Task<NetworkNamespace> EnterAsync(string file) => StartAsync(file, () =>
    {
        using var handle = File.OpenHandle(file);
        Kernel.Check(LinuxCalls.SetNamespace(handle, LinuxCalls.CloneNewNetwork), $"enter the network namespace {file}");
    });

    /// <summary>Makes a namespace without a name: it is gone with the last process in it.</summary>
    public static Task<NetworkNamespace> CreateAsync(string name) =>
        StartAsync(name, () => Kernel.Check(LinuxCalls.Unshare(LinuxCalls.CloneNewNetwork), $"make a network namespace for {name}"));

    public Task<T> RunAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(action());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread when its work is done. The namespace stays as long as something else holds it.</summary>
    public void Dispose() => _work.CompleteAdding();

    private static async Task<NetworkNamespace> StartAsync(string name, Action enter)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var created = new NetworkNamespace(name, enter, entered);
        await entered.Task;
        return created;
    }

    private void Live(Action enter, TaskCompletionSource entered)
    {
        try
        {
            enter();
        }
        catch (Exception failure)
        {
            entered.SetException(failure);
            return;
        }

        entered.SetResult();
        foreach (var action in _work.GetConsumingEnumerable())
            action();
        _work.Dispose();
    }
}
