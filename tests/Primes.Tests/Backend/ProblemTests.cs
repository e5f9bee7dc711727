using System.Net;
using System.Text.Json;

namespace PrimeDeploy.Primes.Tests.Backend;

public sealed class ProblemTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", false)]
    [InlineData("application/json;q=0.5, text/plain", false)]
    [InlineData("application/json;q=0", false)]
    [InlineData("nonsense;;;q=", false)]
    [InlineData("application/json", true)]
    [InlineData("application/problem+json, text/plain;q=0.9", true)]
    [InlineData("application/json, text/plain, */*", true)]
    public async Task A_refusal_is_a_sentence_or_a_problem_document_as_the_client_prefers(string? accept, bool json)
    {
        await using var server = await Server.BackendAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/seven");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(json ? "application/problem+json" : "text/plain", response.Content.Headers.ContentType?.MediaType);
        var body = await response.Content.ReadAsStringAsync();
        if (!json)
        {
            Assert.StartsWith("The path must be one whole number", body, StringComparison.Ordinal);
            return;
        }

        using var problem = JsonDocument.Parse(body);
        Assert.Equal("Bad Request", problem.RootElement.GetProperty("title").GetString());
        Assert.Equal(400, problem.RootElement.GetProperty("status").GetInt32());
        Assert.StartsWith("The path must be one whole number", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
