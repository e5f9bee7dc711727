using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// The name under which OpenSSL looks for an authority in a directory of certificates:
/// the first four bytes, little-endian, of the SHA-1 of the subject in canonical form (<see href="https://docs.openssl.org/3.0/man1/openssl-rehash/"/>).
/// </summary>
internal static partial class SubjectHash
{
    public static string Of(X500DistinguishedName subject)
    {
        var canonical = new AsnWriter(AsnEncodingRules.DER);
        var names = new AsnReader(subject.RawData, AsnEncodingRules.DER).ReadSequence();
        var encoded = new List<byte>();
        while (names.HasData)
        {
            canonical.Reset();
            Canonical(names.ReadSetOf(), canonical);
            encoded.AddRange(canonical.Encode());
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(Digest([.. encoded])).ToString("x8");
    }

    // Lower case and blanks trimmed and collapsed, both in ASCII only, as UTF-8; the outer sequence is left out.
    private static void Canonical(AsnReader relativeName, AsnWriter writer)
    {
        using (writer.PushSetOf())
        {
            while (relativeName.HasData)
            {
                var attribute = relativeName.ReadSequence();
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(attribute.ReadObjectIdentifier());
                    var text = attribute.ReadCharacterString((UniversalTagNumber)attribute.PeekTag().TagValue);
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, Lower(Blanks().Replace(text, " ").Trim(' ')));
                }
            }
        }
    }

    private static string Lower(string text) => string.Concat(text.Select(c => char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c));

    [GeneratedRegex(@"[ \t\n\v\f\r]+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

#pragma warning disable CA5350 // OpenSSL's choice; it names a file and protects nothing.
    private static byte[] Digest(byte[] data) => SHA1.HashData(data);
#pragma warning restore CA5350
}
