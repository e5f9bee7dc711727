using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>
/// Signed statements of who a machine is, for whoever it talks to (https://cloud.google.com/compute/docs/instances/verifying-instance-identity).
/// They are not Google's: the keys to check them with are at <see cref="KeysPath"/> of this cloud.
/// </summary>
internal sealed class IdentityTokens(string directory, TimeProvider time)
{
    /// <summary>Where verifiers look on www.googleapis.com.</summary>
    public const string KeysPath = "/oauth2/v3/certs";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    // Made at the first use only: an RSA key takes longer than all the rest of a start.
    private readonly Lazy<RSA> _key = new(() => LoadKey(Path.Combine(directory, "identity.pem")));

    public string Issue(ResourceName instance, JsonObject json, string email, string audience, bool isFull)
    {
        var now = time.GetUtcNow();
        var claims = new JsonObject
        {
            ["aud"] = audience,
            ["azp"] = Subject(email),
            ["email"] = email,
            ["email_verified"] = true,
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["iss"] = "https://accounts.google.com",
            ["sub"] = Subject(email),
        };
        if (isFull)
        {
            claims["google"] = new JsonObject
            {
                ["compute_engine"] = new JsonObject
                {
                    ["instance_creation_timestamp"] = DateTimeOffset.TryParse(json.Text("creationTimestamp"), out var created) ? created.ToUnixTimeSeconds() : 0,
                    ["instance_id"] = json.Text("id"),
                    ["instance_name"] = instance.Id,
                    ["project_id"] = instance.Project,
                    ["project_number"] = long.Parse(ServerFields.ProjectNumber(instance.Project)),
                    ["zone"] = instance.Zone,
                },
            };
        }

        var signed = $"{Encode(new() { ["alg"] = "RS256", ["kid"] = KeyId, ["typ"] = "JWT" })}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.Value.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The public key, as a JSON Web Key Set.</summary>
    public string Keys()
    {
        var key = _key.Value.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["alg"] = "RS256", ["kty"] = "RSA", ["use"] = "sig", ["kid"] = KeyId,
                ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent),
            }),
        }.ToJsonString();
    }

    private string KeyId => Convert.ToHexStringLower(SHA256.HashData(_key.Value.ExportSubjectPublicKeyInfo()).AsSpan(0, 20));

    /// <summary>The account's unique id: 21 digits.</summary>
    private static string Subject(string email) => "1" + ServerFields.ProjectNumber(email) + ServerFields.ProjectNumber(email + "#")[..8];

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static RSA LoadKey(string path)
    {
        var pem = PrivateFile.ReadOrCreate(path, () =>
        {
            using var made = RSA.Create(2048);
            return Encoding.ASCII.GetBytes(made.ExportPkcs8PrivateKeyPem());
        });
        var key = RSA.Create();
        key.ImportFromPem(Encoding.ASCII.GetString(pem));
        return key;
    }
}
