using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// A thread that visits a network namespace. Sockets and processes that it makes there belong to the namespace wherever they are used later;
/// the rest of this process stays where it is. For that the thread is at home again before anyone hears of a result: completing a task may make
/// the thread pool start a thread, and a new thread begins in the namespace of the one that starts it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class NetworkNamespace : IDisposable
{
    private const int StackBytes = 256 * 1024;
    private const string OwnNamespace = "/proc/thread-self/ns/net";

    private readonly BlockingCollection<Action<Visit>> _work = [];

    // The runtime's thread for signals is born with the first process that is started, and feeds the thread pool ever after: it must not be born on a visit.
    static NetworkNamespace() => PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => { }).Dispose();

    private NetworkNamespace(string name, Func<SafeFileHandle> open, TaskCompletionSource entered)
    {
        var thread = new Thread(() => Live(name, open, entered), StackBytes) { IsBackground = true, Name = $"netns {name}" };
        thread.Start();
    }

    /// <summary>Runs the action inside the namespace and comes back.</summary>
    private delegate void Visit(Action action);

    /// <summary>Enters the namespace that a file stands for, for example /run/netns/NAME or /proc/PID/ns/net.</summary>
    public static Task<NetworkNamespace> EnterAsync(string file) => StartAsync(file, () => File.OpenHandle(file));

    /// <summary>Makes a namespace without a name: it is gone with this object and the last process in it.</summary>
    public static Task<NetworkNamespace> CreateAsync(string name) => StartAsync(name, () =>
    {
        Kernel.Check(LinuxCalls.Unshare(LinuxCalls.CloneNewNetwork), $"make a network namespace for {name}");
        return File.OpenHandle(OwnNamespace);
    });

    public Task<T> RunAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(visit =>
        {
            var result = default(T);
            try
            {
                visit(() => result = action());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
                return;
            }

            done.SetResult(result!);
        });
        return done.Task;
    }

    /// <summary>Ends the thread when its work is done. The namespace stays as long as something else holds it.</summary>
    public void Dispose() => _work.CompleteAdding();

    private static async Task<NetworkNamespace> StartAsync(string name, Func<SafeFileHandle> open)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var created = new NetworkNamespace(name, open, entered);
        await entered.Task;
        return created;
    }

    private void Live(string name, Func<SafeFileHandle> open, TaskCompletionSource entered)
    {
        using var home = File.OpenHandle(OwnNamespace);
        SafeFileHandle inside;
        try
        {
            try
            {
                inside = open();
            }
            finally
            {
                Go(home); // Making a namespace goes there.
            }
        }
        catch (Exception failure)
        {
            entered.SetException(failure);
            return;
        }

        entered.SetResult();
        using (inside)
        {
            foreach (var action in _work.GetConsumingEnumerable())
                action(VisitInside);
        }
        _work.Dispose();

        void VisitInside(Action action)
        {
            Go(inside);
            try
            {
                action();
            }
            finally
            {
                Go(home);
            }
        }

        void Go(SafeFileHandle target) => Kernel.Check(LinuxCalls.SetNamespace(target, LinuxCalls.CloneNewNetwork), $"enter the network namespace {name}");
    }
}
