using System.Collections.Concurrent;
using System.Net.Sockets;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <inheritdoc cref="IGuestServices"/>
internal sealed class GuestServices : IGuestServices, IAsyncDisposable
{
    private static readonly string[] GoogleHosts = ["storage.googleapis.com", "*.storage.googleapis.com", "www.googleapis.com"];

    private readonly ConcurrentDictionary<string, GuestNetwork> _networks = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _gate = new(1);
    private readonly IMachineHost _host;
    private readonly DocumentStore _documents;
    private readonly StorageApi _storage;
    private readonly TimeProvider _time;
    private readonly CertificateAuthority _authority;
    private readonly GuestAttributeStore _guestAttributes;
    private readonly TokenIssuer _tokens;
    private readonly IdentityTokens _identities;
    private readonly MetadataTree _tree;

    /// <param name="directory">For keys and guest attributes; made if missing.</param>
    public GuestServices(IMachineHost host, DocumentStore documents, StorageApi storage, string directory, TimeProvider time)
    {
        (_host, _documents, _storage, _time) = (host, documents, storage, time);
        _authority = Metadata.CertificateAuthority.Open(directory);
        _guestAttributes = new(Path.Combine(directory, "guest-attributes"));
        _tokens = new(directory, documents, time);
        _identities = new(directory, time);
        _tree = new(documents, _guestAttributes, new(_tokens, _identities, time));
    }

    public string CertificateAuthority => _authority.Pem;

    public async Task AttachAsync(ResourceName network, string networkId, CancellationToken cancellationToken)
    {
        // Simulated machines run nothing that could ask.
        if (_host.Capabilities.Kind == MachineKind.Simulated)
            return;
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_networks.ContainsKey(networkId))
                _networks[networkId] = await GuestNetwork.StartAsync(
                    endpoint => _host.Listen(networkId, endpoint),
                    _authority.Issue(GoogleHosts),
                    new(network, _documents, _tree, _guestAttributes, _time),
                    new(_storage, new TokenAccess(_tokens), _identities),
                    () => new(_host.Listen(networkId, NameServer.Endpoint, ProtocolType.Udp), network, _documents),
                    cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task DetachAsync(string networkId)
    {
        if (_networks.TryRemove(networkId, out var network))
            await network.DisposeAsync();
    }

    public IReadOnlyList<(string Namespace, string Key, string Value)> GuestAttributes(ResourceName instance) =>
        _documents.Find(instance)?.Text("id") is { } id ? _guestAttributes.List(id) : [];

    public async ValueTask DisposeAsync()
    {
        foreach (var networkId in _networks.Keys)
            await DetachAsync(networkId);
        _gate.Dispose();
    }
}
