using Google.Rpc;

namespace Google.LongRunning;

/// <summary>A long-running operation ended badly.</summary>
public class OperationFailedException : Exception
{
    internal OperationFailedException(Status status)
        : base(status.Message) => Status = status;

    /// <summary>Code and message of the failure.</summary>
    public Status Status { get; }
}
