using System.Net;
using System.Net.Sockets;
using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.Compute.V1;
using Grpc.Core;

namespace PrimeDeploy.Substitutes.Tests.GoogleCloudCompute;

public sealed class ErrorTests
{
    private const string NotFound =
        """{"error":{"code":404,"message":"The resource 'x' was not found","errors":[{"reason":"notFound"}]}}""";

    [Theory]
    [InlineData(400, StatusCode.InvalidArgument)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.NotFound)]
    [InlineData(409, StatusCode.Aborted)]
    [InlineData(412, StatusCode.FailedPrecondition)]
    [InlineData(429, StatusCode.ResourceExhausted)]
    [InlineData(500, StatusCode.Internal)]
    [InlineData(501, StatusCode.Unimplemented)]
    [InlineData(502, StatusCode.Internal)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.DeadlineExceeded)]
    public async Task A_status_of_http_becomes_the_code_that_stands_for_it(int status, StatusCode code)
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(status, NotFound));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client(server).DeleteAsync(Delete));

        Assert.Equal(code, error.StatusCode);
        Assert.Equal("The resource 'x' was not found", error.Status.Detail);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_status_and_details_in_the_body_win_over_the_status_of_http()
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(
            403,
            """
            {"error":{"code":403,"message":"slow down","status":"RESOURCE_EXHAUSTED","details":[
              {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com","metadatas":{"a":"b"}},
              {"@type":"type.googleapis.com/not.known.Here","x":1}]}}
            """));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client(server).DeleteAsync(Delete));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal("RATE_LIMIT_EXCEEDED", error.GetErrorInfo().Reason);
        Assert.Equal("slow down", error.GetRpcStatus().Message);
    }

    [Theory]
    [InlineData("<html>bad gateway</html>")]
    [InlineData("""{"error":"a string"}""")]
    [InlineData("""{"error":{"message":5}}""")]
    [InlineData("""{"error":{"message":"m","details":{}}}""")]
    [InlineData("""{"error":{"message":"m","details":["x"]}}""")]
    [InlineData("[1, 2")]
    [InlineData("")]
    public async Task A_body_of_another_form_is_the_message_itself(string body)
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(502, body, "text/html"));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client(server).DeleteAsync(Delete));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Equal(body, error.Status.Detail);
    }

    [Fact]
    public async Task A_read_is_tried_again_while_the_server_is_unavailable()
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(503), new Answer(503), Answer.Json("""{"name":"http"}"""));

        Assert.Equal("http", (await Client(server).GetAsync("p", "http")).Name);
        Assert.Equal(3, server.Requests.Length);
    }

    [Fact]
    public async Task A_read_with_retry_settings_of_its_own_is_tried_as_often_as_they_say()
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(503));
        var once = CallSettings.FromRetry(RetrySettings.FromConstantBackoff(
            1, TimeSpan.Zero, RetrySettings.FilterForStatusCodes(StatusCode.Unavailable)));
        await Assert.ThrowsAsync<RpcException>(() => Client(server).GetAsync("p", "http", once));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("""[{"error":{"code":502,"message":"bad gateway"}}]""", "bad gateway")]
    [InlineData("[]", "")]
    public async Task An_error_may_be_the_one_element_of_a_list(string body, string message)
    {
        await using var server = await LoopbackServer.AnsweringAsync(new Answer(502, body));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client(server).DeleteAsync(Delete));

        Assert.Equal((StatusCode.Internal, message), (error.StatusCode, error.Status.Detail));
    }

    [Theory]
    [InlineData("p", "", "firewall")]
    [InlineData("", "http", "project")]
    [InlineData("p", null, "firewall")]
    public async Task A_name_that_is_missing_is_refused_before_anything_is_sent(string project, string? firewall, string named)
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("{}"));
        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => Client(server).GetAsync(project, firewall!));

        Assert.Equal(named, error.ParamName);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("global/firewalls/http")]
    public async Task A_request_whose_path_cannot_be_written_is_refused_before_anything_is_sent(string name)
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("{}"));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client(server).GetAsync(new GetFirewallRequest { Project = "p", Firewall = name }));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_a_late_one_exceeds_its_deadline()
    {
        await using var server = await LoopbackServer.StartAsync(async (_, aborted) =>
        {
            await Task.Delay(Timeout.Infinite, aborted);
            return Answer.Json("{}");
        });
        using var cancellation = new CancellationTokenSource();
        var call = Client(server).DeleteAsync(Delete, cancellation.Token);
        await cancellation.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);

        var late = CallSettings.FromExpiration(Expiration.FromTimeout(TimeSpan.FromMilliseconds(50)));
        var error = await Assert.ThrowsAsync<RpcException>(() => Client(server).DeleteAsync(Delete, late));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task A_connection_that_is_refused_stays_an_http_exception()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endpoint = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        var client = new FirewallsClientBuilder { Endpoint = endpoint, ChannelCredentials = ChannelCredentials.Insecure }.Build();

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("p", "http"));
    }

    private static DeleteFirewallRequest Delete => new() { Project = "p", Firewall = "http" };

    private static FirewallsClient Client(LoopbackServer server) =>
        new FirewallsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
}
