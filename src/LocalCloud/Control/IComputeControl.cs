using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Control;

/// <summary>
/// What the API asks of the control loops. The API writes what is wanted into the documents; the loops follow the documents by themselves.
/// These calls are only for what an operation has to wait for, and for what is not in any document.
/// </summary>
internal interface IComputeControl
{
    /// <summary>
    /// Completes when networks (firewall, load balancers) and the documents of managed groups agree with everything that the store held at
    /// <paramref name="version"/>: the operation of a firewall rule, a forwarding rule or a group is not DONE earlier.
    /// </summary>
    /// <param name="version"><see cref="DocumentStore.Version"/> read after the change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationFailedException">The kernel refused the network as it was at that version.</exception>
    Task WhenAppliedAsync(long version, CancellationToken cancellationToken);

    /// <summary>Completes when the instance, whose document was inserted with status PROVISIONING, runs or has run: it may be down again by then.</summary>
    /// <exception cref="OperationFailedException">It could not be booted and is not there any more, or it is being deleted.</exception>
    Task WhenMadeAsync(ResourceName instance, CancellationToken cancellationToken);

    /// <summary>Powers the machine off and leaves the document TERMINATED.</summary>
    Task StopAsync(ResourceName instance, CancellationToken cancellationToken);

    /// <summary>Boots a TERMINATED instance again, with the same file system.</summary>
    Task StartAsync(ResourceName instance, CancellationToken cancellationToken);

    /// <summary>Pulls the plug and boots again.</summary>
    Task ResetAsync(ResourceName instance, CancellationToken cancellationToken);

    /// <summary>
    /// Brings the deletion of an instance, whose document was marked as being deleted before, to its end: stops the machine, removes it and its document.
    /// One that was made under the name since is left alone.
    /// </summary>
    Task DeleteAsync(ResourceName instance, CancellationToken cancellationToken);

    /// <summary>Completes when the group has no machine left; the group's document was marked as being deleted before.</summary>
    Task WhenGroupEmptyAsync(ResourceName group, CancellationToken cancellationToken);

    /// <summary>The managed instances of a managed group, with what it is doing with each of them.</summary>
    IReadOnlyList<GroupMember> GetMembers(ResourceName group);

    /// <summary>What the health checkers know of one backend group of a backend service; empty before any forwarding rule points to it.</summary>
    IReadOnlyList<InstanceHealth> GetHealth(ResourceName backendService, ResourceName instanceGroup);

    /// <summary>Serial port 1; null when the instance never booted.</summary>
    SerialOutput? ReadSerial(ResourceName instance, long start);

    /// <summary>How root gets into the instance's machine from this host (<see cref="IMachine.WayIn"/>); null when it does not run.</summary>
    IReadOnlyList<string>? WayInto(ResourceName instance);

    /// <summary>The guest attributes that the instance wrote: (namespace, key, value).</summary>
    IReadOnlyList<(string Namespace, string Key, string Value)> GuestAttributes(ResourceName instance);
}

/// <param name="State">HEALTHY or UNHEALTHY.</param>
/// <param name="ForwardingRule">By whose address it is asked; null when it is asked by its own, for a proxy.</param>
internal sealed record InstanceHealth(ResourceName Instance, string Address, int Port, string State, ResourceName? ForwardingRule = null, string? ForwardingRuleAddress = null);

/// <summary>An operation that ended as a failure, in Google's terms.</summary>
/// <param name="code">For example ZONE_RESOURCE_POOL_EXHAUSTED.</param>
/// <param name="httpStatus">The httpErrorStatusCode of the operation.</param>
internal sealed class OperationFailedException(string code, int httpStatus, string message) : Exception(message)
{
    public string Code { get; } = code;

    public int HttpStatus { get; } = httpStatus;
}
