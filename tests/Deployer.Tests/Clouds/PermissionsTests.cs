namespace PrimeDeploy.Deployer.Tests.Clouds;

public sealed class PermissionsTests
{
    private const string Begin = "<!-- permissions: written by PermissionsTests -->\n";
    private const string End = "<!-- end of permissions -->\n";

    [Fact]
    public async Task Every_call_that_the_cloud_saw_of_a_life_is_allowed_by_the_list()
    {
        await using var cloud = await TestCloud.StartAsync();
        var service = PrimeService.Describe(cloud.Options);
        var run = cloud.Engine.Start(service);
        Assert.True((await run.Completed).Succeeded);
        Assert.True((await cloud.Engine.VerifyAsync(service, run, new() { SkipService = "machines are simulated" })).Succeeded);
        var changed = PrimeService.Describe(cloud.Options with { Size = 2, MachineType = "e2-small" });
        Assert.True((await cloud.Engine.Start(changed).Completed).Succeeded);
        Assert.True((await cloud.Engine.TeardownAsync(cloud.Options)).Succeeded);

        // Asking what one may do is allowed to everyone.
        var needed = cloud.Proxy.Requests.Where(request => !request.Path.EndsWith(":testIamPermissions", StringComparison.Ordinal)).Select(request => (Call: $"{request.Method} {request.Path}", Permission: Permissions.Of(request.Method, request.Path))).ToList();
        Assert.All(needed, call => Assert.True(call.Permission is not null && Permissions.All.Contains(call.Permission), $"{call.Call} needs {call.Permission ?? "what is not known"}"));
        Assert.Contains(needed, call => call.Permission == "compute.instanceGroupManagers.create");
    }

    [Fact]
    public void Every_kind_of_resource_has_its_row()
    {
        var kinds = ResourceKinds.DeletionOrder.Order.Select(kind => kind.Noun).Append("subnet access");
        Assert.Equal(kinds.Order(StringComparer.Ordinal), Permissions.ByKind.Select(kind => kind.Kind).Where(kind => kind != "every run").Order(StringComparer.Ordinal));
    }

    /// <summary>GOLDEN=write in the environment writes the list anew.</summary>
    [Fact]
    public void The_documentation_has_the_list()
    {
        var file = Path.Combine(Root(), "docs", "google-cloud.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var list = "\n| for | permissions |\n|---|---|\n"
            + string.Concat(Permissions.ByKind.Select(kind => $"| {kind.Kind} | {string.Join(", ", kind.Names.Select(name => $"`{name}`"))} |\n")) + "\n";
        if (Environment.GetEnvironmentVariable("GOLDEN") == "write")
        {
            text = text[..from] + list + text[to..];
            File.WriteAllText(file, text);
            to = from + list.Length;
        }

        Assert.Equal(list, text[from..to]);
        Assert.All(Permissions.All, name => Assert.Contains(name, text, StringComparison.Ordinal));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PrimeDeploy.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        return folder;
    }
}
