using System.Buffers.Binary;
using System.Numerics;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>A CRC-32C (Castagnoli) of what passes by.</summary>
internal sealed class Crc32C
{
    private uint _crc = uint.MaxValue;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = _crc;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        _crc = crc;
    }

    /// <summary>As Cloud Storage writes it: base64 of the big-endian bytes.</summary>
    public string ToBase64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, ~_crc);
        return Convert.ToBase64String(bytes);
    }
}
