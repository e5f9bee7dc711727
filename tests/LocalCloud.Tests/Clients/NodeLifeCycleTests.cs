using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;
using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

public sealed class NodeLifeCycleTests
{
    [NodeFact]
    public async Task Googles_libraries_for_Node_go_through_the_lab_and_leave_nothing()
    {
        await using var cloud = await TestCloud.StartAsync();
        var node = new ClientProgram(ClientProgram.Find("node")!, new Dictionary<string, string>(), NodeFactAttribute.Folder);
        var seen = JsonNode.Parse(await node.RunAsync("--no-warnings", "lifecycle.js", $"{cloud.Server.Endpoint.Port}"))!.AsObject();
        Assert.Equal((2, "NONE", 2), (seen.Integer("members"), seen.Text("action"), seen.Integer("backends")));
        Assert.Equal("10.138.0.10", seen.Text("address"));
        Assert.Contains("is already being used by", seen.Text("inUse"), StringComparison.Ordinal);
        Assert.Contains("was not found", seen.Text("absent"), StringComparison.Ordinal);
        Assert.Equal("hello from node", seen.Text("content"));
        Assert.Equal(["a/hello.txt"], seen.Texts("files"));
        Assert.Contains("412", seen.Text("conflict"), StringComparison.Ordinal);
        Assert.Equal(0, (await cloud.GetAsync($"{cloud.Server.Endpoint}localcloud/status")).Integer("resources"));
    }
}
