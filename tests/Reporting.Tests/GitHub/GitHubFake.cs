using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PrimeDeploy.Reporting.Tests.GitHub;

/// <summary>
/// GitHub's API for one repository, over HTTP on loopback. Every request and every answer is held against GitHub's own description; what does
/// not fit is a violation, which a test asserts there are none of.
/// </summary>
internal sealed class GitHubFake : IAsyncDisposable
{
    public const string Token = "ghs_PlantedTokenOfTheFake";

    private readonly OpenApi _description = OpenApi.Read();
    private readonly WebApplication _server;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ended = new();
    private int _lastId = 100;

    private GitHubFake(WebApplication server) => _server = server;

    public Uri Address { get; private set; } = null!;

    /// <summary>Requests as "POST /repos/o/r/issues", in order.</summary>
    public List<string> Requests { get; } = [];

    public List<string> Violations { get; } = [];

    public List<JsonObject> Deployments { get; } = [];

    public List<(long Deployment, JsonObject Status)> DeploymentStatuses { get; } = [];

    public List<JsonObject> CommitStatuses { get; } = [];

    public List<JsonObject> Issues { get; } = [];

    public List<(int Issue, JsonObject Comment)> Comments { get; } = [];

    public JsonObject? Dispatched { get; private set; }

    /// <summary>What the dispatched run is doing.</summary>
    public string Status { get; set; } = "completed";

    /// <summary>How often the dispatched run is looked for before it is there.</summary>
    public int HiddenLooks { get; set; }

    /// <summary>How the dispatched run ends.</summary>
    public string Conclusion { get; set; } = "success";

    /// <summary>Answers instead of the fake; null for the fake's own answer. A status of 0 is no answer at all.</summary>
    public Func<string, (int Status, IReadOnlyDictionary<string, string> Headers)?> Fault { get; set; } = _ => null;

    public static async Task<GitHubFake> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        var fake = new GitHubFake(server);
        server.Run(fake.HandleAsync);
        await server.StartAsync();
        fake.Address = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _server.DisposeAsync();
        _ended.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var call = $"{http.Request.Method} {http.Request.Path}";
        lock (_gate)
            Requests.Add(call);
        if (Fault(call) is { } fault)
        {
            if (fault.Status == 0)
                await Task.Delay(Timeout.Infinite, CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _ended.Token).Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var (name, value) in fault.Headers)
                http.Response.Headers[name] = value;
            var message = fault.Headers.ContainsKey("X-RateLimit-Remaining") ? "API rate limit exceeded for installation ID 1." : $"Fault {fault.Status}";
            await AnswerAsync(http, fault.Status == 0 ? 504 : fault.Status, new JsonObject { ["message"] = message, ["documentation_url"] = "https://docs.github.com/rest" });
            return;
        }

        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        var body = text.Length == 0 ? null : JsonNode.Parse(text);
        var (status, answer) = Handle(http.Request, call, body);
        await AnswerAsync(http, status, answer);
    }

    private (int Status, JsonNode? Answer) Handle(HttpRequest request, string call, JsonNode? body)
    {
        lock (_gate)
        {
            if (request.Headers.Authorization != $"Token {Token}" && request.Headers.Authorization != $"Bearer {Token}")
                return (401, new JsonObject { ["message"] = "Bad credentials" });
            if (_description.Find(request.Method, request.Path) is not var (operation, path))
            {
                Violations.Add($"{call}: there is no such operation");
                return (404, new JsonObject { ["message"] = "Not Found" });
            }
            var problems = _description.CheckQuery(operation, request.Query.Keys).Concat(_description.CheckRequest(operation, body)).Select(problem => $"{call}: {problem}").ToList();
            Violations.AddRange(problems);
            if (problems.Count > 0)
                return (422, new JsonObject { ["message"] = string.Join("; ", problems) });
            var (status, known) = Do(request, path, body as JsonObject);
            if (_description.AnswerOf(operation, status) is not { } schema)
                return (status, null);
            var answer = Complete(schema, known);
            Violations.AddRange(_description.Check(schema, answer, "answer").Select(problem => $"{call}: {problem}"));
            return (status, answer);
        }
    }

    private (int Status, JsonNode? Known) Do(HttpRequest request, string path, JsonObject? body)
    {
        var parts = request.Path.Value!.Split('/');
        switch (request.Method, path.Split("{repo}/")[1])
        {
            case ("POST", "deployments"):
                Deployments.Add(With(body!, ("id", ++_lastId), ("sha", body!["ref"]!.DeepClone())));
                return (201, Deployments[^1]);
            case ("GET", "deployments"):
                return (200, List(Deployments.AsEnumerable().Reverse().Where(d => request.Query["environment"] is not [{ } wanted] || (string?)d["environment"] == wanted)));
            case ("POST", "deployments/{deployment_id}/statuses"):
                DeploymentStatuses.Add((long.Parse(parts[5]), With(body!, ("id", ++_lastId))));
                return (201, DeploymentStatuses[^1].Status);
            case ("GET", "deployments/{deployment_id}/statuses"):
                return (200, List(DeploymentStatuses.AsEnumerable().Reverse().Where(s => s.Deployment == long.Parse(parts[5])).Select(s => s.Status).Take(1)));
            case ("POST", "statuses/{sha}"):
                CommitStatuses.Add(With(body!, ("id", ++_lastId)));
                return (201, CommitStatuses[^1]);
            case ("GET", "issues"):
                return (200, List(Issues));
            case ("POST", "issues"):
                Issues.Add(With(body!, ("id", ++_lastId), ("number", Issues.Count + 1), ("state", "open"), ("labels", new JsonArray())));
                return (201, Issues[^1]);
            case ("PATCH", "issues/{issue_number}"):
                var issue = Issues.Single(i => (int)i["number"]! == int.Parse(parts[5]));
                foreach (var (name, value) in body!)
                    issue[name] = value?.DeepClone();
                issue["labels"] = new JsonArray();
                return (200, issue);
            case ("GET", "issues/{issue_number}/comments"):
                return (200, List(Comments.Where(c => c.Issue == int.Parse(parts[5])).Select(c => c.Comment)));
            case ("POST", "issues/{issue_number}/comments"):
                Comments.Add((int.Parse(parts[5]), With(body!, ("id", ++_lastId))));
                return (201, Comments[^1].Comment);
            case ("PATCH", "issues/comments/{comment_id}"):
                var comment = Comments.Single(c => (int)c.Comment["id"]! == int.Parse(parts[6])).Comment;
                comment["body"] = body!["body"]!.DeepClone();
                return (200, comment);
            case ("POST", "actions/workflows/{workflow_id}/dispatches"):
                Dispatched = body!.DeepClone().AsObject();
                return (204, null);
            case ("GET", "actions/workflows/{workflow_id}/runs"):
                return (200, HiddenLooks-- > 0
                    ? new JsonObject { ["total_count"] = 0, ["workflow_runs"] = new JsonArray() }
                    : new JsonObject { ["total_count"] = 1, ["workflow_runs"] = new JsonArray(Run()) });
            case ("GET", "actions/runs/{run_id}"):
                return (200, Run());
            case ("GET", "actions/runs/{run_id}/jobs"):
                return (200, new JsonObject { ["total_count"] = 1, ["jobs"] = new JsonArray(new JsonObject
                {
                    ["id"] = 7, ["run_id"] = 5, ["name"] = "run", ["status"] = "completed", ["conclusion"] = Conclusion,
                    ["steps"] = new JsonArray(new JsonObject { ["name"] = "Run ./", ["status"] = "completed", ["conclusion"] = Conclusion, ["number"] = 1 }),
                }) });
            default:
                throw new InvalidOperationException($"The fake does not do {request.Method} {path}.");
        }
    }

    private JsonObject Run() => new()
    {
        ["id"] = 5, ["run_number"] = 12, ["event"] = "workflow_dispatch", ["status"] = Status, ["conclusion"] = Status == "completed" ? Conclusion : null, ["path"] = ".github/workflows/deploy.yml",
        ["display_title"] = $"deploy lab on google {Dispatched?["inputs"]?["request"]}", ["html_url"] = "https://github.example/o/r/actions/runs/5",
    };

    /// <summary>What is known, and the smallest that GitHub promises beside it.</summary>
    private JsonNode? Complete(JsonNode schema, JsonNode? known)
    {
        if (known is JsonArray items)
        {
            var one = schema["items"]!;
            return new JsonArray([.. items.Select(item => Complete(one, item))]);
        }
        var complete = _description.Smallest(schema) as JsonObject ?? [];
        // What a request has and the answer to it does not is left out, as GitHub does.
        foreach (var (name, value) in (known as JsonObject ?? []).Where(member => _description.MemberOf(schema, member.Key) is not null))
            complete[name] = value is JsonArray && complete[name] is JsonArray && _description.MemberOf(schema, name) is { } member ? Complete(member, value) : value?.DeepClone();
        return complete;
    }

    private static JsonArray List(IEnumerable<JsonObject> items) => new([.. items.Select(item => item.DeepClone())]);

    private static JsonObject With(JsonObject body, params (string Name, JsonNode Value)[] more)
    {
        var all = body.DeepClone().AsObject();
        foreach (var (name, value) in more)
            all[name] = value;
        return all;
    }

    private static async Task AnswerAsync(HttpContext http, int status, JsonNode? body)
    {
        http.Response.StatusCode = status;
        if (body is null)
            return;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.WriteAsync(body.ToJsonString());
    }
}
