using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using PrimeDeploy.LocalCloud.Tests.Storage;

namespace PrimeDeploy.LocalCloud.Tests.Metadata;

public sealed class GuestStorageTests
{
    [Fact]
    public async Task A_machine_reads_with_its_token_and_its_scope_lets_it_not_write()
    {
        await using var guests = await WithObjectAsync();
        using var google = Authorized(guests, await guests.TokenAsync());
        using var write = await google.PostAsync("/upload/storage/v1/b/tools/o?uploadType=media&name=b", new ByteArrayContent([1]));

        Assert.Equal("echo", await google.GetStringAsync("/tools/a.sh"));
        Assert.Equal("echo", await google.GetStringAsync("https://tools.storage.googleapis.com/a.sh"));
        Assert.Equal("echo", await google.GetStringAsync("/storage/v1/b/tools/o/a.sh?alt=media"));
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        Assert.Equal("insufficientPermissions", (string?)(await StorageServer.ReadAsync(write))["error"]!["errors"]![0]!["reason"]);
    }

    [Fact]
    public async Task Without_a_token_or_with_a_made_up_one_nothing_is_read()
    {
        await using var guests = await WithObjectAsync();
        using var anonymous = guests.Google();
        using var forger = Authorized(guests, "ya29.c.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        using var json = await anonymous.GetAsync("/storage/v1/b/tools/o/a.sh");
        using var xml = await anonymous.GetAsync("/tools/a.sh");
        using var forged = await forger.GetAsync("/storage/v1/b/tools/o/a.sh");

        Assert.Equal(HttpStatusCode.Unauthorized, json.StatusCode);
        Assert.Contains("Anonymous caller does not have storage.objects.get access", await json.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, xml.StatusCode);
        Assert.Contains("<Code>AccessDenied</Code>", await xml.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, forged.StatusCode);
    }

    [Fact]
    public async Task A_public_object_needs_no_token()
    {
        await using var guests = await WithObjectAsync(policyMember: "allUsers");
        using var anonymous = guests.Google();

        Assert.Equal("echo", await anonymous.GetStringAsync("/tools/a.sh"));
    }

    [Fact]
    public async Task Another_projects_bucket_needs_a_role_for_the_machines_account()
    {
        await using var closed = await WithObjectAsync(project: "other-project");
        using var refusedClient = Authorized(closed, await closed.TokenAsync());
        using var refused = await refusedClient.GetAsync("/storage/v1/b/tools/o/a.sh");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var metadata = closed.Metadata();
        var account = await metadata.GetStringAsync("instance/service-accounts/default/email");
        Assert.StartsWith($"{account} does not have storage.objects.get access", (string?)(await StorageServer.ReadAsync(refused))["error"]!["message"], StringComparison.Ordinal);

        await using var open = await WithObjectAsync(project: "other-project", policyMember: $"serviceAccount:{account}");
        using var allowed = Authorized(open, await open.TokenAsync());
        Assert.Equal("echo", await allowed.GetStringAsync("/storage/v1/b/tools/o/a.sh?alt=media"));
    }

    [Fact]
    public async Task A_token_is_the_same_until_shortly_before_its_end_and_no_good_after_it()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var guests = await WithObjectAsync(time: time);
        var first = await guests.TokenAsync();
        time.Advance(TimeSpan.FromMinutes(50));
        var second = await guests.TokenAsync();
        time.Advance(TimeSpan.FromMinutes(6));
        var third = await guests.TokenAsync();
        time.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal(first, second);
        Assert.NotEqual(first, third);
        using var expired = await Authorized(guests, first).GetAsync("/tools/a.sh");
        using var valid = await Authorized(guests, third).GetAsync("/tools/a.sh");
        Assert.Equal(HttpStatusCode.Unauthorized, expired.StatusCode);
        Assert.Equal(HttpStatusCode.OK, valid.StatusCode);
    }

    [Fact]
    public async Task A_token_dies_with_its_machine_but_not_with_the_server()
    {
        var guests = await WithObjectAsync();
        var token = await guests.TokenAsync();
        guests = await guests.RestartAsync();
        using (var google = Authorized(guests, token))
        {
            Assert.Equal("echo", await google.GetStringAsync("/tools/a.sh"));
            guests.Documents.Update(Guests.Backend, json => json["id"] = "1111111111111111111");
            Assert.Equal(HttpStatusCode.Unauthorized, (await google.GetAsync("/tools/a.sh")).StatusCode);
        }

        await guests.DisposeAsync();
    }

    [Fact]
    public async Task Who_does_not_trust_the_authority_is_not_answered_and_its_key_is_private()
    {
        var directory = Directory.CreateTempSubdirectory("guests-").FullName;
        await using var guests = await Guests.StartAsync(directory: directory);
        await using var others = await Guests.StartAsync();
        using var stranger = guests.Google(trusting: others.Services.CertificateAuthority);

        var error = await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync("https://storage.googleapis.com/"));
        Assert.IsType<AuthenticationException>(error.InnerException);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(directory, "guest", "authority.pem")));
    }

    [Fact]
    public async Task Identity_tokens_can_be_checked_with_the_published_keys()
    {
        await using var guests = await Guests.StartAsync();
        using var metadata = guests.Metadata();
        using var google = guests.Google();
        var parts = (await metadata.GetStringAsync("instance/service-accounts/default/identity?audience=https://me&format=full")).Split('.');
        var key = JsonNode.Parse(await google.GetStringAsync("https://www.googleapis.com/oauth2/v3/certs"))!["keys"]![0]!;
        using var rsa = RSA.Create(new RSAParameters { Modulus = Base64Url.DecodeFromChars((string)key["n"]!), Exponent = Base64Url.DecodeFromChars((string)key["e"]!) });
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;

        Assert.True(rsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        Assert.Equal("https://me", (string?)claims["aud"]);
        Assert.Equal("backend-x1", (string?)claims["google"]!["compute_engine"]!["instance_name"]);
    }

    private static HttpClient Authorized(Guests guests, string token)
    {
        var client = guests.Google();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>Bucket tools with object a.sh, put there from the host's side.</summary>
    private static async Task<Guests> WithObjectAsync(string project = "lab-project", string? policyMember = null, TimeProvider? time = null)
    {
        var guests = await Guests.StartAsync(time);
        await using var host = await StorageServer.StartAsync(guests.Storage);
        await host.MakeBucketAsync("tools", project);
        await host.UploadAsync("tools", "a.sh", Encoding.ASCII.GetBytes("echo"));
        if (policyMember is not null)
        {
            var policy = await host.GetAsync("/storage/v1/b/tools/iam");
            policy["bindings"]!.AsArray().Add(new JsonObject { ["role"] = "roles/storage.objectViewer", ["members"] = new JsonArray(policyMember) });
            (await host.Http.PutAsync("/storage/v1/b/tools/iam", StorageServer.Json(policy))).EnsureSuccessStatusCode();
        }

        return guests;
    }
}
