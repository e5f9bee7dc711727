using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// A network namespace that threads of this process visit. Sockets and processes that are made on a visit belong to the namespace wherever they
/// are used later; the rest of this process stays where it is. A visit is short and synchronous, and the thread is at home again before anyone
/// hears of the result: completing a task may make the thread pool start a thread, and a new thread begins in the namespace of the one that starts it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class NetworkNamespace : IDisposable
{
    private static readonly SafeFileHandle Home = OpenHome();

    private readonly SafeFileHandle _inside;

    private NetworkNamespace(SafeFileHandle inside) => _inside = inside;

    /// <summary>The namespace that a file stands for, for example /run/netns/NAME or /proc/PID/ns/net.</summary>
    /// <exception cref="IOException">There is no such namespace.</exception>
    public static NetworkNamespace Open(string file) => new(File.OpenHandle(file));

    /// <summary>Makes a namespace without a name: it is gone with this object and the last process in it.</summary>
    public static NetworkNamespace Create(string name)
    {
        var home = Home;
        Kernel.Check(LinuxCalls.Unshare(LinuxCalls.CloneNewNetwork), $"make a network namespace for {name}");
        try
        {
            return Open("/proc/thread-self/ns/net");
        }
        finally
        {
            Return(home);
        }
    }

    /// <summary>Runs the action inside the namespace, on this thread, and comes back.</summary>
    public T Visit<T>(Func<T> action)
    {
        var home = Home;
        Kernel.Check(LinuxCalls.SetNamespace(_inside, LinuxCalls.CloneNewNetwork), "enter a network namespace");
        try
        {
            return action();
        }
        finally
        {
            Return(home);
        }
    }

    /// <inheritdoc cref="Visit{T}"/>
    public void Visit(Action action) => Visit(() =>
    {
        action();
        return true;
    });

    /// <summary>The namespace stays as long as something else holds it.</summary>
    public void Dispose() => _inside.Dispose();

    private static void Return(SafeFileHandle home)
    {
        // A thread that cannot come home would open the server's own sockets in a machine's network: nothing good can follow.
        if (LinuxCalls.SetNamespace(home, LinuxCalls.CloneNewNetwork) != 0)
            Environment.FailFast($"A thread cannot come back from a network namespace (errno {Marshal.GetLastPInvokeError()}).");
    }

    // The runtime's thread for signals is born with the first process that is started, and feeds the thread pool ever after: it must not be born on a visit.
    private static SafeFileHandle OpenHome()
    {
        PosixSignalRegistration.Create(PosixSignal.SIGCHLD, static _ => { }).Dispose();
        return File.OpenHandle("/proc/self/ns/net");
    }
}
