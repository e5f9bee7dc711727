using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Api;

public sealed class WireTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("global/networks/default")]
    [InlineData("projects/test-project/global/networks/default")]
    [InlineData("https://www.googleapis.com/compute/v1/projects/test-project/global/networks/default")]
    [InlineData("https://compute.googleapis.com/compute/v1/projects/test-project/global/networks/default")]
    [InlineData("https://www.googleapis.com/compute/beta/projects/test-project/global/networks/default")]
    [InlineData("BASEglobal/networks/default")]
    public async Task A_link_may_be_written_in_any_form_and_comes_back_on_the_base_that_was_asked(string link)
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.DoAsync("POST", "global/firewalls", $$"""{"name":"x","network":"{{link.Replace("BASE", cloud.Base, StringComparison.Ordinal)}}","allowed":[{"IPProtocol":"all"}]}""");
        Assert.Equal(cloud.Base + "global/networks/default", (await cloud.GetAsync("global/firewalls/x")).Text("network"));
    }

    [Fact]
    public async Task Compressed_bodies_unknown_parameters_and_Python_booleans_are_understood()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write("""{"name":"x","allowed":[{"IPProtocol":"all"}]}"""u8);
        using var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await cloud.Http.PostAsync(new Uri(cloud.Base + "global/firewalls?alt=json&$alt=json;enum-encoding=int&what=ever"), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json; charset=UTF-8", response.Content.Headers.ContentType!.ToString());

        var all = await cloud.GetAsync("aggregated/firewalls?includeAllScopes=True&maxResults=500&returnPartialSuccess=True");
        Assert.Contains("zones/us-west1-b", all.Object("items")!.Select(i => i.Key));
    }

    [Theory]
    [InlineData("{\"name\":", "Parse Error:")]
    [InlineData("[]", "Parse Error: the body must be a JSON object.")]
    [InlineData("""{"name":"x","name":"y"}""", "Parse Error:")]
    public async Task A_body_that_is_no_JSON_object_is_refused(string body, string message)
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.StartsWith(message, Assert.Single(await cloud.RefusedAsync(400, "parseError", "POST", "global/firewalls", body)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_text_counts_as_no_body()
    {
        await using var cloud = await TestCloud.StartAsync();
        await cloud.AddGroupAsync(1);
        await cloud.DoAsync("POST", "zones/us-west1-b/instanceGroupManagers/backend/resize?size=2", "\"\"");
        Assert.Equal(["Required field 'resource' not specified"], await cloud.RefusedAsync(400, "required", "POST", "global/firewalls", "\"\""));
    }

    [Theory]
    [InlineData("POST", "global/snapshots", "compute.snapshots.insert")]
    [InlineData("GET", "zones/us-west1-b/reservations", "compute.reservations.list")]
    [InlineData("POST", "zones/us-west1-b/instances/x/suspend", "compute.instances.suspend")]
    [InlineData("GET", "aggregated/reservations", "compute.reservations.aggregatedList")]
    public async Task What_is_not_there_says_which_method_it_is(string method, string path, string name)
    {
        await using var cloud = await TestCloud.StartAsync();
        Assert.Equal([$"The local cloud does not implement {name}."], await cloud.RefusedAsync(501, "notImplemented", method, path, method == "POST" ? "{}" : null));
    }

    [Fact]
    public async Task A_member_of_the_wrong_type_is_a_refusal_and_no_crash()
    {
        await using var cloud = await TestCloud.StartAsync();
        var (status, _) = await cloud.SendAsync("POST", "zones/us-west1-b/instances", """{"name":5,"machineType":{},"disks":"x","networkInterfaces":[7],"metadata":[],"tags":"a","scheduling":3,"labels":{"a":1}}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task A_batch_answers_every_part_under_its_id()
    {
        await using var cloud = await TestCloud.StartAsync();
        var parts = string.Concat(((string[])["default-allow-ssh", "nothing"]).Select((name, index) =>
            $"--===1==\nContent-Type: application/http\nMIME-Version: 1.0\nContent-ID: <abc+{index}>\n\nDELETE /compute/v1/projects/test-project/global/firewalls/{name}?alt=json HTTP/1.1\nAccept: application/json\n\n\n"));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(parts + "--===1==--"));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/mixed; boundary=\"===1==\"");
        using var response = await cloud.Http.PostAsync(new Uri(cloud.Server.Endpoint, "batch/compute/v1"), content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.StartsWith("multipart/mixed; boundary=", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        var boundary = response.Content.Headers.ContentType.Parameters.Single().Value!;
        var answers = text.Split("--" + boundary)[1..^1];
        Assert.Equal(2, answers.Length);
        Assert.Contains("Content-ID: <response-abc+0>", answers[0], StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 OK", answers[0], StringComparison.Ordinal);
        Assert.Equal("delete", JsonNode.Parse(answers[0].Split("\r\n\r\n")[2])!.AsObject().Text("operationType"));
        Assert.Contains("HTTP/1.1 404 Not Found", answers[1], StringComparison.Ordinal);
    }
}
