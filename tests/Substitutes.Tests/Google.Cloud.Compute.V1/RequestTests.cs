using System.Text.Json.Nodes;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Compute.V1;
using Grpc.Core;

namespace PrimeDeploy.Substitutes.Tests.GoogleCloudCompute;

public sealed class RequestTests
{
    private const string Running = """{"name":"operation-1","status":"RUNNING"}""";

    [Fact]
    public async Task The_names_of_the_path_are_told_in_a_header_too_and_no_answer_comes_compressed()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("{}"));
        await new InstancesClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build()
            .GetAsync("my-project", "us-west1-b", "a b");

        Assert.Equal("/compute/v1/projects/my-project/zones/us-west1-b/instances/a%20b", server.Request.Target);
        Assert.Equal("instance=a%20b&zone=us-west1-b&project=my-project", server.Request.Headers["x-goog-request-params"]);
        Assert.DoesNotContain("Accept-Encoding", server.Request.Headers.Keys);
    }

    [Fact]
    public async Task Insert_sends_the_resource_as_the_body_and_the_request_id_in_the_query()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(Running));
        await Client(server).InsertAsync(new InsertFirewallRequest
        {
            Project = "my-project",
            RequestId = "6f1f4b1e-9d3c-4a9e-8b8e-0c2d1e3f4a5b",
            FirewallResource = new Firewall
            {
                Name = "http",
                Network = "global/networks/default",
                Direction = "INGRESS",
                Priority = 1000,
                Disabled = false,
                SourceRanges = { "10.138.0.0/20" },
                TargetTags = { "backend" },
                Allowed = { new Allowed { IPProtocol = "tcp", Ports = { "80" } } },
            },
        });

        Assert.Equal("POST", server.Request.Method);
        Assert.Equal(
            "/compute/v1/projects/my-project/global/firewalls?requestId=6f1f4b1e-9d3c-4a9e-8b8e-0c2d1e3f4a5b", server.Request.Target);
        Assert.Equal("application/json; charset=utf-8", server.Request.Headers["Content-Type"]);
        Assert.Equal("project=my-project", server.Request.Headers["x-goog-request-params"]);
        AssertJson(
            """
            {"name":"http","network":"global/networks/default","direction":"INGRESS","priority":1000,"disabled":false,
             "sourceRanges":["10.138.0.0/20"],"targetTags":["backend"],"allowed":[{"IPProtocol":"tcp","ports":["80"]}]}
            """,
            server.Request.Body);
    }

    [Fact]
    public async Task A_patch_sends_nothing_that_was_not_set()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(Running));
        await Client(server).PatchAsync(new PatchFirewallRequest
        {
            Project = "p", Firewall = "http", FirewallResource = new Firewall { Description = "" },
        });

        Assert.Equal("PATCH", server.Request.Method);
        AssertJson("""{"description":""}""", server.Request.Body);
    }

    [Fact]
    public async Task Names_of_the_old_style_and_64_bit_numbers_travel_as_the_api_writes_them()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(Running));
        var client = new InstancesClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        await client.InsertAsync(new InsertInstanceRequest
        {
            Project = "p",
            Zone = "us-west1-b",
            InstanceResource = new Instance
            {
                NetworkInterfaces = { new NetworkInterface { NetworkIP = "10.138.0.5", AccessConfigs = { new AccessConfig { NatIP = "127.1.0.1" } } } },
                Disks = { new AttachedDisk { Boot = true, InitializeParams = new AttachedDiskInitializeParams { DiskSizeGb = 10 } } },
                Labels = { ["owner"] = "me" },
            },
        });

        AssertJson(
            """
            {"networkInterfaces":[{"networkIP":"10.138.0.5","accessConfigs":[{"natIP":"127.1.0.1"}]}],
             "disks":[{"boot":true,"initializeParams":{"diskSizeGb":"10"}}],"labels":{"owner":"me"}}
            """,
            server.Request.Body);
    }

    [Fact]
    public async Task A_resize_has_its_size_in_the_query_even_when_it_is_zero()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(Running));
        var client = new InstanceGroupManagersClientBuilder
        {
            Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure,
        }.Build();
        await client.ResizeAsync(new ResizeInstanceGroupManagerRequest
        {
            Project = "p", Zone = "us-west1-b", InstanceGroupManager = "backend", Size = 0,
        });

        Assert.Equal("/compute/v1/projects/p/zones/us-west1-b/instanceGroupManagers/backend/resize?size=0", server.Request.Target);
        Assert.Equal("0", server.Request.Headers["Content-Length"]);
    }

    [Fact]
    public async Task A_wait_is_a_post_without_a_body()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("""{"name":"operation-1","status":"DONE"}"""));
        var client = new ZoneOperationsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        var operation = await client.WaitAsync(new WaitZoneOperationRequest { Project = "p", Zone = "z", Operation = "operation-1" });

        Assert.Equal("POST /compute/v1/projects/p/zones/z/operations/operation-1/wait", $"{server.Request.Method} {server.Request.Target}");
        Assert.Equal("0", server.Request.Headers["Content-Length"]);
        Assert.Equal(Operation.Types.Status.Done, operation.Status);
    }

    [Fact]
    public async Task What_was_suspended_is_resumed_by_a_post_without_a_body()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(Running));
        var client = new InstancesClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
        await client.ResumeAsync(new ResumeInstanceRequest { Project = "p", Zone = "z", Instance = "frontend", RequestId = "1" });

        Assert.Equal("POST /compute/v1/projects/p/zones/z/instances/frontend/resume?requestId=1", $"{server.Request.Method} {server.Request.Target}");
        Assert.Equal("0", server.Request.Headers["Content-Length"]);
    }

    [Fact]
    public async Task Get_reads_what_it_knows_and_ignores_what_it_does_not()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(
            """{"kind":"compute#firewall","id":"4711471147114711471","name":"http","newerField":{"a":[1]},"allowed":[{"IPProtocol":"tcp"}]}"""));
        var firewall = await Client(server).GetAsync("p", "http");

        Assert.Equal(4711471147114711471UL, firewall.Id);
        Assert.Equal("tcp", Assert.Single(firewall.Allowed).IPProtocol);
        Assert.False(firewall.HasDisabled);
    }

    [Fact]
    public async Task An_access_token_is_sent_and_insecure_sends_none()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json("{}"));
        var authorized = await new FirewallsClientBuilder
        {
            Endpoint = server.Address, GoogleCredential = GoogleCredential.FromAccessToken("a-token"), QuotaProject = "payer",
        }.BuildAsync();
        await authorized.GetAsync("p", "http");
        await Client(server).GetAsync("p", "http");

        Assert.Equal("Bearer a-token", server.Requests[0].Headers["Authorization"]);
        Assert.Equal("payer", server.Requests[0].Headers["x-goog-user-project"]);
        Assert.DoesNotContain("Authorization", server.Requests[1].Headers.Keys);
    }

    [Fact]
    public void Two_sources_of_credentials_are_refused()
    {
        var builder = new FirewallsClientBuilder
        {
            ChannelCredentials = ChannelCredentials.Insecure, GoogleCredential = GoogleCredential.FromAccessToken("a-token"),
        };
        Assert.Equal("Only one source of credentials can be specified", Assert.Throws<InvalidOperationException>(builder.Build).Message);
    }

    private static FirewallsClient Client(LoopbackServer server) =>
        new FirewallsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
