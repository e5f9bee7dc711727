using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Server;

/// <param name="StateDirectory">Where everything is kept; made when it is not there. One server at a time.</param>
internal sealed record LocalCloudOptions(string StateDirectory)
{
    /// <summary>On 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    public MachineMode Machines { get; init; }

    public LatencyProfile Latency { get; init; } = LatencyProfile.Instant;

    /// <summary>Where log messages go; nowhere when null.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
