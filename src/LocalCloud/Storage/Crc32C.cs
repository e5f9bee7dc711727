using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>CRC-32 with Castagnoli's polynomial, which every Cloud Storage client checks; the processor's own instruction where it has one.</summary>
internal struct Crc32C
{
    private uint _value;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var crc = ~_value;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (var single in bytes[(words.Length * sizeof(ulong))..])
            crc = BitOperations.Crc32C(crc, single);
        _value = ~crc;
    }

    /// <summary>As it stands in the field crc32c: base64 of the four bytes, the highest first.</summary>
    public readonly string Base64
    {
        get
        {
            Span<byte> bytes = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, _value);
            return Convert.ToBase64String(bytes);
        }
    }
}
