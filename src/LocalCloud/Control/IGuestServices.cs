using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control;

/// <summary>What Google's side of a network offers to the machines on it: the metadata server and Cloud Storage. The control loops only see to it that it is there before the first machine boots.</summary>
internal interface IGuestServices
{
    /// <summary>PEM of the authority that signed the certificates of Google's host names; machines trust it.</summary>
    string CertificateAuthority { get; }

    /// <summary>Serves inside a network that was applied; does nothing when it serves there already.</summary>
    Task AttachAsync(ResourceName network, string networkId, CancellationToken cancellationToken);

    /// <summary>Stops serving; the network is about to go.</summary>
    Task DetachAsync(string networkId);

    /// <summary>The guest attributes that the instance wrote.</summary>
    IReadOnlyList<(string Namespace, string Key, string Value)> GuestAttributes(ResourceName instance);
}
