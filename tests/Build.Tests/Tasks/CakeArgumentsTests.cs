namespace PrimeDeploy.Build.Tests.Tasks;

public sealed class CakeArgumentsTests
{
    [Fact]
    public async Task Tree_shows_the_lab()
    {
        var (exitCode, output) = await Checkout.BuildAsync("--target=Deploy", "--tree");

        Assert.Equal(0, exitCode);
        Assert.Contains("ForwardingRule", output);
        Assert.Contains("InstanceGroup", output);
    }

    [Fact]
    public async Task Dryrun_names_the_tasks_in_order_and_does_nothing()
    {
        var (exitCode, output) = await Checkout.BuildAsync("--target=Deploy", "--dryrun");

        Assert.Equal(0, exitCode);
        string[] inOrder = ["Publish", "Bucket", "Template", "InstanceGroup", "BackendService", "ForwardingRule", "Frontend", "Verify", "Deploy"];
        var lines = output.Split('\n').Select(line => line.Trim()).ToList();
        var places = inOrder.Select(task => lines.FindIndex(line => line.EndsWith(". " + task, StringComparison.Ordinal))).ToList();
        Assert.All(places, place => Assert.True(place >= 0, output));
        Assert.Equal(places.Order(), places);
    }

    [Fact]
    public async Task Description_lists_every_task()
    {
        var (exitCode, output) = await Checkout.BuildAsync("--description");

        Assert.Equal(0, exitCode);
        Assert.Contains("Teardown", output);
        Assert.Contains("Everything, from nothing to proven", output);
    }

    [Fact]
    public async Task Graph_tells_what_needs_what_without_a_cloud()
    {
        var (exitCode, output) = await Checkout.BuildAsync("--target=Graph", "--name=pr-42");

        Assert.Equal(0, exitCode);
        Assert.Matches("ForwardingRule +forwarding rule pr-42-prime-lb +.*backend service pr-42-prime-service", output);
    }

    [Fact]
    public async Task Without_a_target_it_explains_itself()
    {
        var (exitCode, output) = await Checkout.BuildAsync();

        Assert.Equal(0, exitCode);
        Assert.Contains("./build.sh --target=Deploy", output);
        Assert.Contains("--frontend-machine-type", output);
    }

    [Fact]
    public async Task Deploy_by_itself_says_that_it_did_nothing()
    {
        var (exitCode, output) = await Checkout.BuildAsync("--target=Deploy", "--exclusive");

        Assert.Equal(0, exitCode);
        Assert.Contains("nothing was deployed", output);
    }

    [Fact]
    public async Task An_unknown_target_is_an_error()
    {
        var (exitCode, output) = await Checkout.BuildAsync("--target=Dploy");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Dploy", output);
    }
}
