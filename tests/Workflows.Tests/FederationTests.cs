using Google.Apis.Auth.OAuth2;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PrimeDeploy.Build.Login;

namespace PrimeDeploy.Workflows.Tests;

public sealed class FederationTests
{
    /// <summary>The endpoints of Google that tokens are exchanged at are put on loopback; the file, the library and what it asks are the real ones.</summary>
    [Fact]
    public async Task Googles_library_exchanges_the_pipelines_token_as_the_file_says()
    {
        var asked = new List<string>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var google = builder.Build();
        google.MapPost("/v1/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            asked.Add($"{form["audience"]} {form["subject_token"]} {form["subject_token_type"]}");
            return Results.Json(new { access_token = "federated", issued_token_type = "urn:ietf:params:oauth:token-type:access_token", token_type = "Bearer", expires_in = 3600 });
        });
        google.MapPost("/v1/projects/-/serviceAccounts/{account}", (string account, HttpRequest request) =>
        {
            asked.Add($"{account} {request.Headers.Authorization}");
            return Results.Json(new { accessToken = "of the account", expireTime = DateTime.UtcNow.AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ") });
        });
        await google.StartAsync();

        var token = Path.GetTempFileName();
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(token, Agent.IdToken);
            var address = google.Urls.Single();
            File.WriteAllText(file, AzureFederation.Describe("projects/1/providers/azure", "me@example.com", token)
                .Replace("https://sts.googleapis.com", address, StringComparison.Ordinal).Replace("https://iamcredentials.googleapis.com", address, StringComparison.Ordinal));
            var credential = CredentialFactory.FromFile(file, JsonCredentialParameters.ExternalAccountCredentialType).CreateScoped("https://www.googleapis.com/auth/cloud-platform");

            Assert.Equal("of the account", await ((ITokenAccess)credential).GetAccessTokenForRequestAsync());
            Assert.Equal(
                [$"//iam.googleapis.com/projects/1/providers/azure {Agent.IdToken} urn:ietf:params:oauth:token-type:jwt", "me@example.com:generateAccessToken Bearer federated"], asked);
        }
        finally
        {
            File.Delete(token);
            File.Delete(file);
        }
    }
}
