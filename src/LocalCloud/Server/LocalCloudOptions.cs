using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Server;

internal enum MachineMode
{
    /// <summary>Machines are real where the host can do that, else simulated; the reason is then said.</summary>
    Namespaces,

    /// <summary>Machines are only simulated: they have documents and run nothing.</summary>
    None,
}

/// <param name="StateDirectory">Where everything is kept; made when it is not there. One server at a time.</param>
internal sealed record LocalCloudOptions(string StateDirectory)
{
    /// <summary>On 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }

    public MachineMode Machines { get; init; }

    public LatencyProfile Latency { get; init; } = LatencyProfile.Instant;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
