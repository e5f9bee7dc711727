namespace PrimeDeploy.Deployer.Tests.Teardown;

public sealed class TeardownTests
{
    [Fact]
    public void Users_go_before_what_they_use()
    {
        var order = ResourceKinds.DeletionOrder.Order.Select(kind => kind.Noun).ToList();

        void Before(string user, string used) => Assert.True(order.IndexOf(user) < order.IndexOf(used), $"{user} before {used}");
        Before("forwarding rule", "backend service");
        Before("forwarding rule", "address");
        Before("instance", "address");
        Before("backend service", "managed instance group");
        Before("backend service", "health check");
        Before("managed instance group", "instance template");
        Assert.Equal("bucket", order[^1]);
    }

    [Fact]
    public async Task Only_what_bears_the_mark_goes_each_after_its_users()
    {
        await using var cloud = await TestCloud.StartAsync();
        var engine = cloud.Engine;
        Assert.True((await engine.Start(PrimeService.Describe(cloud.Options)).Completed).Succeeded);
        var before = cloud.Proxy.Requests.Count;

        Assert.True((await engine.TeardownAsync(cloud.Options)).Succeeded);

        var deleted = cloud.Proxy.Requests.Skip(before).Where(request => request.Method == "DELETE").Select(request =>
            request.Path.Split('/')[^2] + "/" + request.Path.Split('/')[^1]).ToList();
        // The network's own rules stay, and so do the group's machines, which go with their group.
        Assert.DoesNotContain(deleted, path => path.StartsWith("firewalls/default-", StringComparison.Ordinal));
        Assert.DoesNotContain(deleted, path => path.StartsWith("instances/backend-", StringComparison.Ordinal));
        Assert.True(deleted.IndexOf("forwardingRules/prime-lb") < deleted.IndexOf("backendServices/prime-service"));
        Assert.True(deleted.IndexOf("forwardingRules/prime-lb") < deleted.IndexOf("addresses/prime-lb"));
        Assert.True(deleted.IndexOf("backendServices/prime-service") < deleted.IndexOf("instanceGroupManagers/backend"));
        Assert.True(deleted.IndexOf("instanceGroupManagers/backend") < deleted.IndexOf("instanceTemplates/primecalc"));
    }

    [Fact]
    public async Task What_cannot_be_deleted_is_told_and_the_next_teardown_goes_on()
    {
        await using var cloud = await TestCloud.StartAsync();
        var engine = cloud.Engine;
        Assert.True((await engine.Start(PrimeService.Describe(cloud.Options)).Completed).Succeeded);
        cloud.Proxy.Faults = request => request.Method == "DELETE" && request.Path.EndsWith("/firewalls/http2", StringComparison.Ordinal)
            ? new(403, """{"error":{"code":403,"message":"Required 'compute.firewalls.delete' permission","errors":[{"message":"x","domain":"global","reason":"forbidden"}]}}""")
            : null;

        var first = await engine.TeardownAsync(cloud.Options);

        Assert.False(first.Succeeded);
        var failed = Assert.Single(first.Items, item => item.Result is TeardownResult.Failed);
        Assert.Equal("http2", failed.Name);
        Assert.StartsWith("delete firewall rule http2: PermissionDenied: Required 'compute.firewalls.delete' permission", failed.Message,
            StringComparison.Ordinal);

        cloud.Proxy.Faults = _ => null;
        var second = await engine.TeardownAsync(cloud.Options);
        // The bucket is what the deployment is found by: it stayed until the rest was gone.
        Assert.Equal(["http2", cloud.Options.BucketName], second.Items.Where(item => item.Result is TeardownResult.Deleted).Select(item => item.Name));
    }
}
