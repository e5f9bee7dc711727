using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>How a local cloud is started.</summary>
/// <param name="StateDirectory">Where everything is kept; made when it is not there. One server at a time.</param>
public sealed record LocalCloudOptions(string StateDirectory)
{
    /// <summary>On 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Real machines where the host can make them, or simulated ones.</summary>
    public MachineMode Machines { get; init; }

    /// <summary>What machines boot with. With systemd, a host that cannot do that is not started on.</summary>
    public MachineInit Init { get; init; }

    /// <summary>How long operations take.</summary>
    public LatencyProfile Latency { get; init; } = LatencyProfile.Instant;

    /// <summary>Where log messages go; nowhere when null.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    /// <summary>
    /// Told of the path of every resource that comes into being, also machines of groups and what comes with a new project; null for nobody. Called
    /// inside the server's own step: it must return at once.
    /// </summary>
    public Action<string>? Created { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
