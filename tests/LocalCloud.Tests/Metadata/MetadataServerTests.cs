using System.Net;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Metadata;

public sealed class MetadataServerTests : IAsyncLifetime
{
    private Guests _guests = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _guests = await Guests.StartAsync();
        _http = _guests.Metadata();
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _guests.DisposeAsync();
    }

    [Fact]
    public async Task Only_requests_with_the_flavor_header_are_answered_and_every_answer_has_it()
    {
        using var root = await SendWithoutHeaderAsync("http://169.254.169.254/");
        using var refused = await SendWithoutHeaderAsync("instance/name");
        using var missing = await _http.GetAsync("instance/none");
        using var forwarded = await SendAsync("instance/name", ("X-Forwarded-For", "10.0.0.1"));

        Assert.Equal(HttpStatusCode.OK, root.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("Missing Metadata-Flavor:Google header", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, forwarded.StatusCode);
        Assert.All([root, refused, missing, forwarded], a => Assert.Equal("Google", a.Headers.GetValues("Metadata-Flavor").Single()));
    }

    [Theory]
    [InlineData("instance/name", "backend-x1")]
    [InlineData("instance/hostname", "backend-x1.us-west1-b.c.lab-project.internal")]
    [InlineData("instance/id", "6543210987654321098")]
    [InlineData("instance/attributes/role", "backend")]
    [InlineData("instance//attributes//role", "backend")]
    [InlineData("instance/attributes/", "role\nstartup-script\n")]
    [InlineData("instance/network-interfaces/0/ip", "127.77.0.2")]
    [InlineData("instance/network-interfaces/0/gateway", "127.77.0.1")]
    [InlineData("instance/network-interfaces/0/subnetmask", "255.255.240.0")]
    [InlineData("instance/network-interfaces/0/mac", "42:01:7f:4d:00:02")]
    [InlineData("instance/network-interfaces", "0/\n")]
    [InlineData("instance/tags", """["backend"]""")]
    [InlineData("instance/tags?alt=text", "backend\n")]
    [InlineData("instance/scheduling/automatic-restart", "TRUE")]
    [InlineData("instance/service-accounts/default/aliases", "default\n")]
    [InlineData("instance/service-accounts/default/scopes", Guests.ReadScope + "\n")]
    [InlineData("instance/service-accounts/default/", "aliases\nemail\nidentity\nscopes\ntoken\n")]
    [InlineData("project/project-id", "lab-project")]
    [InlineData("project/attributes/team", "lab")]
    [InlineData("universe/universe-domain", "googleapis.com")]
    [InlineData("", "instance/\nproject/\nuniverse/\n")]
    public async Task Values_and_listings_are_as_the_real_ones(string path, string expected) =>
        Assert.Equal(expected, await _http.GetStringAsync(path));

    [Theory]
    [InlineData("instance/name/", HttpStatusCode.NotFound)]
    [InlineData("instance/attributes/none", HttpStatusCode.NotFound)]
    [InlineData("instance/attributes/?alt=json", HttpStatusCode.BadRequest)]
    [InlineData("instance/attributes/?wait_for_change=true", HttpStatusCode.BadRequest)]
    [InlineData("instance/service-accounts/default/token/", HttpStatusCode.NotFound)]
    [InlineData("instance/service-accounts/default/identity", HttpStatusCode.BadRequest)]
    [InlineData("instance/guest-attributes/", HttpStatusCode.Forbidden)]
    public async Task What_cannot_be_had_is_refused(string path, HttpStatusCode expected)
    {
        using var answer = await _http.GetAsync(path);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Project_number_zone_and_account_belong_together()
    {
        var number = await _http.GetStringAsync("project/numeric-project-id");

        Assert.Equal($"projects/{number}/zones/us-west1-b", await _http.GetStringAsync("instance/zone"));
        Assert.Equal($"projects/{number}/machineTypes/e2-medium", await _http.GetStringAsync("instance/machine-type"));
        Assert.Equal($"{number}-compute@developer.gserviceaccount.com", await _http.GetStringAsync("instance/service-accounts/default/email"));
    }

    [Fact]
    public async Task Each_machine_sees_its_own_metadata_and_a_stranger_none()
    {
        using var frontend = _guests.Metadata("127.77.0.3");
        using var stranger = _guests.Metadata("127.77.0.99");

        Assert.Equal("frontend", await frontend.GetStringAsync("instance/name"));
        Assert.Equal("127.78.0.1", await frontend.GetStringAsync("instance/network-interfaces/0/access-configs/0/external-ip"));
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("instance/name")).StatusCode);
    }

    [Fact]
    public async Task A_recursive_dump_is_json_in_camel_case_without_tokens()
    {
        var dump = JsonNode.Parse(await _http.GetStringAsync("?recursive=true"))!;

        Assert.Equal(6543210987654321098, (long)dump["instance"]!["id"]!);
        Assert.Equal("127.77.0.2", (string?)dump["instance"]!["networkInterfaces"]![0]!["ip"]);
        Assert.Equal("#! /bin/bash\necho hi\n", (string?)dump["instance"]!["attributes"]!["startup-script"]);
        Assert.Equal(["aliases", "email", "scopes"], dump["instance"]!["serviceAccounts"]!["default"]!.AsObject().Select(m => m.Key));
        Assert.Equal("lab", (string?)dump["project"]!["attributes"]!["team"]);
        Assert.Equal("role backend\nstartup-script #! /bin/bash\necho hi\n\n", await _http.GetStringAsync("instance/attributes/?recursive=true&alt=text"));
    }

    [Fact]
    public async Task Entity_tags_follow_the_content()
    {
        var before = await TagAsync("instance/attributes/?recursive=true");
        Assert.Equal(16, before.Length);
        Assert.Equal(before, await TagAsync("instance/attributes/?recursive=true&alt=text"));
        Assert.NotEqual(before, await TagAsync("instance/attributes/"));

        SetAttributes(("role", "other"));
        Assert.NotEqual(before, await TagAsync("instance/attributes/?recursive=true"));
        SetAttributes(("startup-script", "#! /bin/bash\necho hi\n"), ("role", "backend"));
        Assert.Equal(before, await TagAsync("instance/attributes/?recursive=true"));
    }

    [Fact]
    public async Task Waiting_ends_with_the_change_and_not_with_changes_elsewhere()
    {
        var tag = await TagAsync("instance/attributes/role");
        var waiting = _http.GetStringAsync($"instance/attributes/role?wait_for_change=true&last_etag={tag}&timeout_sec=60");
        _guests.Documents.Update(Guests.Frontend, json => json["status"] = "RUNNING");
        Assert.NotSame(waiting, await Task.WhenAny(waiting, Task.Delay(100)));

        SetAttributes(("role", "new"));
        Assert.Equal("new", await waiting.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("new", await _http.GetStringAsync($"instance/attributes/role?wait_for_change=true&last_etag={tag}"));
    }

    [Fact]
    public async Task Waiting_ends_at_its_time_limit_with_the_value_as_it_is() =>
        Assert.Equal("backend", await _http.GetStringAsync("instance/attributes/role?wait_for_change=true&timeout_sec=0"));

    [Fact]
    public async Task Stopping_does_not_wait_for_those_who_wait()
    {
        var waiting = _http.GetAsync("instance/attributes/role?wait_for_change=true");
        Assert.Equal("backend-x1", await _http.GetStringAsync("instance/name"));
        await _guests.Services.DetachAsync("n1").WaitAsync(TimeSpan.FromMinutes(1));
        await Task.WhenAny(waiting);
    }

    [Fact]
    public async Task Guest_attributes_are_written_inside_and_read_outside()
    {
        SetAttributes(("enable-guest-attributes", "TRUE"));
        using var put = await _http.PutAsync("instance/guest-attributes/primes/ready", new StringContent("yes"));
        using var bad = await _http.PutAsync("instance/guest-attributes/primes/not.a.key", new StringContent("yes"));

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal("yes", await _http.GetStringAsync("instance/guest-attributes/primes/ready"));
        Assert.Equal([("primes", "ready", "yes")], _guests.Services.GuestAttributes(Guests.Backend));
        Assert.Empty(_guests.Services.GuestAttributes(Guests.Frontend));

        using var delete = await _http.DeleteAsync("instance/guest-attributes/primes/ready");
        Assert.Equal(HttpStatusCode.OK, delete.StatusCode);
        Assert.Empty(_guests.Services.GuestAttributes(Guests.Backend));
    }

    [Fact]
    public async Task A_machine_made_anew_under_the_same_name_has_no_guest_attributes()
    {
        SetAttributes(("enable-guest-attributes", "TRUE"));
        await _http.PutAsync("instance/guest-attributes/primes/ready", new StringContent("yes"));
        _guests.Documents.Update(Guests.Backend, json => json["id"] = "1111111111111111111");

        Assert.Empty(_guests.Services.GuestAttributes(Guests.Backend));
    }

    [Fact]
    public async Task A_load_balancers_address_is_forwarded_to_the_members_of_its_group()
    {
        var group = new ResourceName("lab-project", "zones/us-west1-b", "instanceGroupManagers", "backend");
        var service = new ResourceName("lab-project", "regions/us-west1", "backendServices", "prime-service");
        _guests.Documents.Update(Guests.Backend, json => json["$local"] = new JsonObject { ["group"] = group.Path });
        _guests.Documents.TryInsert(group, []);
        _guests.Documents.TryInsert(service, new() { ["backends"] = new JsonArray(new JsonObject { ["group"] = (group with { Collection = "instanceGroups" }).Link }) });
        _guests.Documents.TryInsert(new("lab-project", "regions/us-west1", "forwardingRules", "prime-lb"), new()
        {
            ["loadBalancingScheme"] = "INTERNAL", ["IPAddress"] = "127.77.0.10", ["network"] = Guests.Network.Link, ["backendService"] = service.Link,
        });

        Assert.Equal("127.77.0.10", await _http.GetStringAsync("instance/network-interfaces/0/forwarded-ips/0"));
    }

    private void SetAttributes(params (string Key, string Value)[] items) =>
        _guests.Documents.Update(Guests.Backend, json => json["metadata"]!["items"] = Guests.Items(items));

    private async Task<string> TagAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return answer.Headers.GetValues("ETag").Single();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await _http.SendAsync(request);
    }

    private async Task<HttpResponseMessage> SendWithoutHeaderAsync(string path)
    {
        using var bare = _guests.Metadata();
        bare.DefaultRequestHeaders.Clear();
        return await bare.GetAsync(path);
    }
}
