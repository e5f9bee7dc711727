using Google.Protobuf.WellKnownTypes;

namespace Google.LongRunning;

/// <summary>What is known of an operation at one moment.</summary>
/// <param name="Name">By which it is asked for again.</param>
/// <param name="Done">Whether it has ended, well or not.</param>
/// <param name="Metadata">The operation as the service gave it.</param>
/// <param name="Error">Why it failed; null while it runs and when it ended well.</param>
internal sealed record OperationState(string Name, bool Done, Any Metadata, Google.Rpc.Status Error);
