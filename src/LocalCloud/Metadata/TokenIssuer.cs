using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Buffers.Text;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>
/// Access tokens of machines' service accounts. A token is its grant, sealed with a key of the state directory: opaque to everyone else, and there is no table to keep
/// or to lose, so that a machine's token outlives a restart of the server.
/// </summary>
internal sealed class TokenIssuer(string directory, DocumentStore documents, TimeProvider time)
{
    /// <summary>As long as the real ones.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // The metadata server hands out the same token until shortly before its end (https://cloud.google.com/compute/docs/access/authenticate-workloads).
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);
    private const string Prefix = "ya29.c.";

    private readonly byte[] _key = PrivateFile.ReadOrCreate(Path.Combine(directory, "token.key"), () => RandomNumberGenerator.GetBytes(32));
    private readonly ConcurrentDictionary<string, AccessToken> _current = new(StringComparer.Ordinal);

    /// <param name="instance">The machine that asks.</param>
    /// <param name="instanceId">Its document's id: a machine of the same name made later has another.</param>
    /// <param name="email">The service account.</param>
    /// <param name="scopes">What the machine was given.</param>
    public AccessToken Issue(ResourceName instance, string instanceId, string email, IReadOnlyList<string> scopes)
    {
        var now = time.GetUtcNow();
        foreach (var (key, token) in _current)
            if (token.Expires <= now)
                _current.TryRemove(key, out _);

        return _current.AddOrUpdate(
            $"{instanceId} {email} {string.Join(',', scopes)}",
            _ => Seal(new(instance.Path, instanceId, email, scopes, now + Lifetime)),
            (_, token) => token.Expires - now > RenewBefore ? token : Seal(new(instance.Path, instanceId, email, scopes, now + Lifetime)));
    }

    /// <returns>Null for a token that is not from here, has expired, or whose machine is gone.</returns>
    public TokenGrant? Verify(string token)
    {
        if (Unseal(token) is not { } grant || grant.Expires <= time.GetUtcNow())
            return null;
        return ResourceName.FromLink(grant.Instance) is { } name && documents.Find(name)?.Text("id") == grant.InstanceId ? grant : null;
    }

    private AccessToken Seal(TokenGrant grant)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(grant);
        var sealedBytes = new byte[AesGcm.NonceByteSizes.MaxSize + plain.Length + AesGcm.TagByteSizes.MaxSize];
        var (nonce, cipher, tag) = Split(sealedBytes);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(_key, AesGcm.TagByteSizes.MaxSize);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span);
        return new(Prefix + Base64Url.EncodeToString(sealedBytes), grant.Expires);
    }

    private TokenGrant? Unseal(string token)
    {
        if (!token.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(token.AsSpan(Prefix.Length), out var length)
            || length <= AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize)
            return null;
        var (nonce, cipher, tag) = Split(Base64Url.DecodeFromChars(token.AsSpan(Prefix.Length)));
        var plain = new byte[cipher.Length];
        try
        {
            using var aes = new AesGcm(_key, AesGcm.TagByteSizes.MaxSize);
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain);
            return JsonSerializer.Deserialize<TokenGrant>(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static (Memory<byte> Nonce, Memory<byte> Cipher, Memory<byte> Tag) Split(Memory<byte> bytes)
    {
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        return (bytes[..nonce], bytes[nonce..^tag], bytes[^tag..]);
    }
}

internal sealed record AccessToken(string Value, DateTimeOffset Expires);

/// <param name="Instance">Path of the machine's document.</param>
/// <param name="Email">The service account that it acts as.</param>
internal sealed record TokenGrant(string Instance, string InstanceId, string Email, IReadOnlyList<string> Scopes, DateTimeOffset Expires)
{
    public string Project => Instance.Split('/')[1];
}
