using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>The part of the metadata that a machine proves itself with: its service accounts, their access tokens and identity tokens.</summary>
internal sealed class ServiceAccountMetadata(TokenIssuer tokens, IdentityTokens identities, TimeProvider time)
{
    public MetadataDirectory Of(ResourceName instance, JsonObject json)
    {
        var accounts = json.Objects("serviceAccounts").Select((account, index) =>
        {
            var email = account.Text("email") is { Length: > 0 } given and not "default"
                ? given
                : $"{ServerFields.ProjectNumber(instance.Project)}-compute@developer.gserviceaccount.com";
            return (Email: email, Directory: Account(instance, json, email, [.. account.Texts("scopes")], isDefault: index == 0));
        }).ToList();

        var entries = accounts.Select(a => (a.Email, (MetadataNode)a.Directory)).ToList();
        if (accounts.Count > 0)
            entries.Add(("default", accounts[0].Directory));
        return MetadataDirectory.OfNames(entries);
    }

    private MetadataDirectory Account(ResourceName instance, JsonObject json, string email, IReadOnlyList<string> scopes, bool isDefault) => MetadataDirectory.Of(
        ("aliases", MetadataValue.OfLines(isDefault ? ["default"] : [])),
        ("email", MetadataValue.Of(email)),
        ("identity", new MetadataEndpoint(query => query["audience"] is [{ Length: > 0 } audience, ..]
            ? MetadataAnswer.Text(identities.Issue(instance, json, email, audience, isFull: query["format"] == "full"))
            : MetadataAnswer.Error(StatusCodes.Status400BadRequest, "non-empty audience parameter required"))),
        ("scopes", MetadataValue.OfLines(scopes)),
        // The scopes that a client asks for change nothing on Compute Engine: a machine has those that it was made with.
        ("token", new MetadataEndpoint(_ => MetadataAnswer.Json(Token(tokens.Issue(instance, json.Text("id") ?? "", email, scopes))))));

    private string Token(AccessToken token) => new JsonObject
    {
        ["access_token"] = token.Value,
        ["expires_in"] = (long)(token.Expires - time.GetUtcNow()).TotalSeconds,
        ["token_type"] = "Bearer",
    }.ToJsonString();
}
