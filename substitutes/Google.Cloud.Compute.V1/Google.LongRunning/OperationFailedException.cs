using Google.Rpc;

namespace Google.LongRunning;

/// <summary>A long-running operation ended badly.</summary>
public class OperationFailedException : Exception
{
    /// <exception cref="ArgumentException">The operation has no error.</exception>
    public OperationFailedException(Operation operation)
        : base((operation.Error ?? throw new ArgumentException("Operation must contain an error", nameof(operation))).Message) =>
        Operation = operation;

    public Operation Operation { get; }

    /// <summary>Code and message of the failure.</summary>
    public Status Status => Operation.Error;
}
