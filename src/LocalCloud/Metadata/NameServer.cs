using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>
/// The resolver of one network (<see href="https://cloud.google.com/compute/docs/internal-dns"/>): names of the network's instances, zonal and global, forwards and backwards, and
/// Google's own names. There is nobody to ask for others: they do not exist. Messages are those of RFC 1035.
/// </summary>
internal sealed class NameServer : IAsyncDisposable
{
    public static readonly IPEndPoint Endpoint = new(GuestNetwork.MetadataEndpoint.Address, 53);

    private const ushort Address = 1;
    private const ushort Pointer = 12;
    private const int HeaderBytes = 12;
    private const int MostBytes = 512;
    private const uint SecondsToLive = 30;
    private const byte NoSuchName = 3;
    private const byte NotImplemented = 4;

    private readonly Socket _socket;
    private readonly ResourceName _network;
    private readonly DocumentStore _documents;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    /// <param name="socket">Bound inside the network; taken over.</param>
    /// <param name="network">Whose instances have names.</param>
    /// <param name="documents">Where they are.</param>
    public NameServer(Socket socket, ResourceName network, DocumentStore documents)
    {
        (_socket, _network, _documents) = (socket, network, documents);
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var buffer = new byte[MostBytes];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var query = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                if (Answer(buffer.AsSpan(0, query.ReceivedBytes)) is { } answer)
                    await _socket.SendToAsync(answer, query.RemoteEndPoint, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A machine that did not wait for its answer.
            }
        }
    }

    /// <returns>Null for what is no query.</returns>
    private byte[]? Answer(ReadOnlySpan<byte> query)
    {
        if (query.Length < HeaderBytes || (query[2] & 0x80) != 0 || BinaryPrimitives.ReadUInt16BigEndian(query[4..]) != 1 || ReadName(query[HeaderBytes..]) is not var (name, length)
            || query.Length < HeaderBytes + length + 4)
            return null;

        var type = BinaryPrimitives.ReadUInt16BigEndian(query[(HeaderBytes + length)..]);
        var isQuery = (query[2] & 0x78) == 0;
        var (known, data) = isQuery ? Find(name, type) : (true, null);
        var answer = new List<byte>(query[..(HeaderBytes + length + 4)].ToArray());
        answer[2] = (byte)(0x84 | (query[2] & 0x79));
        answer[3] = (byte)(0x80 | (!isQuery ? NotImplemented : known ? 0 : NoSuchName));
        answer[6] = 0;
        answer[7] = (byte)(data is null ? 0 : 1);
        for (var index = 8; index < HeaderBytes; index++)
            answer[index] = 0;
        if (data is not null)
        {
            // The name is the question's, by its offset; the class is the internet.
            Span<byte> record = [0xC0, HeaderBytes, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], type);
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], SecondsToLive);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)data.Length);
            answer.AddRange(record);
            answer.AddRange(data);
        }

        return [.. answer];
    }

    private (bool Known, byte[]? Data) Find(string name, ushort type)
    {
        if (name.EndsWith(".in-addr.arpa", StringComparison.Ordinal))
        {
            var owner = Instances().FirstOrDefault(i => Reverse(i.Address!) == name);
            return (owner is not null, owner is not null && type == Pointer ? WriteName($"{owner.Name.Id}.{owner.Name.Zone}.c.{owner.Name.Project}.internal") : null);
        }

        var address = name switch
        {
            "metadata" or "metadata.google.internal" => GuestNetwork.MetadataEndpoint.Address,
            "googleapis.com" => GuestNetwork.GoogleApisEndpoint.Address,
            _ when name.EndsWith(".googleapis.com", StringComparison.Ordinal) => GuestNetwork.GoogleApisEndpoint.Address,
            _ => Instances().FirstOrDefault(i => $"{i.Name.Id}.{i.Name.Zone}.c.{i.Name.Project}.internal" == name || $"{i.Name.Id}.c.{i.Name.Project}.internal" == name)?.Address,
        };
        return (address is not null, type == Address ? address?.GetAddressBytes() : null);
    }

    private IEnumerable<InstanceView> Instances() =>
        _documents.List("instances").Select(d => InstanceView.Of(d.Name, d.Json)).Where(i => i.Network == _network && i.Address is not null);

    private static string Reverse(IPAddress address) => string.Join('.', address.GetAddressBytes().Reverse()) + ".in-addr.arpa";

    /// <summary>A name of labels, in lower case, and how many bytes it takes; null when it is cut off or compressed, which a question's is not.</summary>
    private static (string Name, int Length)? ReadName(ReadOnlySpan<byte> text)
    {
        var labels = new List<string>();
        var at = 0;
        while (at < text.Length && text[at] is not 0 and var length)
        {
            if (length > 63 || at + 1 + length > text.Length)
                return null;
            labels.Add(Encoding.ASCII.GetString(text.Slice(at + 1, length)).ToLowerInvariant());
            at += 1 + length;
        }

        return at < text.Length ? (string.Join('.', labels), at + 1) : null;
    }

    private static byte[] WriteName(string name) => [.. name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
