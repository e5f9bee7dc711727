namespace PrimeDeploy.LocalCloud.Control;

/// <summary>What the control loops say to whoever runs the server.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Loop} failed and looks again in a second")]
    public static partial void StepFailed(this ILogger logger, string loop, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Network {Network} could not be applied: {Reason}")]
    public static partial void NetworkRefused(this ILogger logger, string network, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Instance {Instance} runs as machine {Machine}")]
    public static partial void Booted(this ILogger logger, string instance, string machine);

    [LoggerMessage(Level = LogLevel.Error, Message = "Instance {Instance} could not be booted: {Reason}")]
    public static partial void BootFailed(this ILogger logger, string instance, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The machine of {Instance} is gone ({Presence}); booting it again")]
    public static partial void BootingAgain(this ILogger logger, string instance, Instances.MachinePresence presence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The machine of {Instance} has ended ({Presence}); the instance is TERMINATED")]
    public static partial void Ended(this ILogger logger, string instance, Instances.MachinePresence presence);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Instance} has run as long as its maxRunDuration allows")]
    public static partial void RunIsOver(this ILogger logger, string instance);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Action} of instance {Instance} failed and is tried again in a second")]
    public static partial void ActionFailed(this ILogger logger, Instances.InstanceAction action, string instance, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "Adopted {Count} machines of an earlier server")]
    public static partial void Adopted(this ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Instance {Instance} gets no new connections and is deleted in {Seconds:0.#} s")]
    public static partial void Draining(this ILogger logger, string instance, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Group {Group}: {Action} {Member}")]
    public static partial void GroupActs(this ILogger logger, string group, Groups.MemberAction action, string member);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Group {Group} could not create {Member}: {Reason}; next attempt at {RetryAt:HH:mm:ss}")]
    public static partial void MemberFailed(this ILogger logger, string group, string member, string reason, DateTimeOffset retryAt);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Machine} behind {Asker} is {Verdict}")]
    public static partial void HealthChanged(this ILogger logger, string machine, string asker, string verdict);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Health check {HealthCheck} is of type {Type}, which is not probed here; its backends stay UNHEALTHY. Use HTTP or TCP")]
    public static partial void NotProbed(this ILogger logger, string healthCheck, string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "External address of {Instance}: cannot listen on {Endpoint}: {Reason}")]
    public static partial void CannotListen(this ILogger logger, string instance, string endpoint, string reason);
}
