namespace PrimeDeploy.Build;

/// <summary>
/// What the process ends with. Cake turns every failure into 1, also a CakeException with an exit code of its own, so the program asks here
/// when Cake has ended.
/// </summary>
public sealed class ExitStatus
{
    /// <summary>A plan has changes, and <c>--detailed-exitcode</c> was given.</summary>
    public const int Changes = 2;

    /// <summary>Another run works on the deployment.</summary>
    public const int LeaseHeld = 3;

    /// <summary>What a shell reports for a program that Ctrl-C ended.</summary>
    public const int Interrupted = 130;

    private readonly Lock _interruption = new();
    private int? _code;
    private bool _interrupted;

    /// <summary>The first that is given stays.</summary>
    public void Set(int code) => _code ??= code;

    /// <summary>Ctrl-C or SIGTERM came: what fails from now on, in whatever task, fails because of it.</summary>
    /// <param name="stop">Stops what is under way; the process does not end in the middle of it.</param>
    public void Interrupt(Action stop)
    {
        lock (_interruption)
        {
            _interrupted = true;
            stop();
        }
    }

    /// <summary>The exit code of the process.</summary>
    /// <param name="cake">What Cake ended with.</param>
    public int Or(int cake)
    {
        lock (_interruption)
            return _code ?? (_interrupted && cake != 0 ? Interrupted : cake);
    }
}
