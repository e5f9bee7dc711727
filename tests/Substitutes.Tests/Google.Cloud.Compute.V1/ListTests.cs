using Google.Cloud.Compute.V1;
using Grpc.Core;

namespace PrimeDeploy.Substitutes.Tests.GoogleCloudCompute;

public sealed class ListTests
{
    private static readonly Answer[] Pages =
    [
        Answer.Json("""{"items":[{"name":"a"},{"name":"b"}],"nextPageToken":"after b"}"""),
        Answer.Json("""{"nextPageToken":"after nothing"}"""),
        Answer.Json("""{"items":[{"name":"c"}]}"""),
    ];

    [Fact]
    public async Task A_list_is_fetched_page_by_page_with_the_callers_filter()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Pages);
        var names = new List<string>();
        await foreach (var firewall in Client(server).ListAsync(new ListFirewallsRequest { Project = "p", Filter = "name eq x", MaxResults = 2 }))
            names.Add(firewall.Name);

        Assert.Equal(["a", "b", "c"], names);
        Assert.Equal(
            [
                "/compute/v1/projects/p/global/firewalls?filter=name%20eq%20x&maxResults=2",
                "/compute/v1/projects/p/global/firewalls?filter=name%20eq%20x&maxResults=2&pageToken=after%20b",
                "/compute/v1/projects/p/global/firewalls?filter=name%20eq%20x&maxResults=2&pageToken=after%20nothing",
            ],
            server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task A_page_is_filled_from_as_many_answers_as_it_takes()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Pages);
        var page = await Client(server).ListAsync(new ListFirewallsRequest { Project = "p" }).ReadPageAsync(3);

        Assert.Equal(["a", "b", "c"], page.Select(firewall => firewall.Name));
        Assert.Equal("", page.NextPageToken);
        Assert.EndsWith("?maxResults=1&pageToken=after%20nothing", server.Requests[2].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_machines_of_a_group_are_listed_by_a_post()
    {
        await using var server = await LoopbackServer.AnsweringAsync(Answer.Json(
            """{"managedInstances":[{"instance":"i","currentAction":"CREATING","lastAttempt":{"errors":{"errors":[{"code":"QUOTA_EXCEEDED"}]}}}]}"""));
        var client = new InstanceGroupManagersClientBuilder
        {
            Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure,
        }.Build();
        var request = new ListManagedInstancesInstanceGroupManagersRequest { Project = "p", Zone = "z", InstanceGroupManager = "backend" };
        var instance = Assert.Single(await client.ListManagedInstancesAsync(request).ToListAsync());

        Assert.Equal(
            "POST /compute/v1/projects/p/zones/z/instanceGroupManagers/backend/listManagedInstances",
            $"{server.Request.Method} {server.Request.Target}");
        Assert.Equal("QUOTA_EXCEEDED", instance.LastAttempt.Errors.Errors.Single().Code);
    }

    private static FirewallsClient Client(LoopbackServer server) =>
        new FirewallsClientBuilder { Endpoint = server.Address, ChannelCredentials = ChannelCredentials.Insecure }.Build();
}
