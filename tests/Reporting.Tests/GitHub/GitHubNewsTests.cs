using System.Text.Json.Nodes;
using PrimeDeploy.Reporting.GitHub;

namespace PrimeDeploy.Reporting.Tests.GitHub;

public sealed class GitHubNewsTests : IAsyncLifetime
{
    private static readonly Uri Frontend = new("http://127.1.2.3/");
    private static readonly IReadOnlyDictionary<string, string> NoHeaders = new Dictionary<string, string>();

    private GitHubFake _gitHub = null!;

    public async Task InitializeAsync() => _gitHub = await GitHubFake.StartAsync();

    public async Task DisposeAsync() => await _gitHub.DisposeAsync();

    [Fact]
    public async Task A_deployment_is_shown_from_its_beginning_to_its_address()
    {
        var news = News();
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync(null, "11 of 11 checks passed", Frontend);

        Assert.Null(news.Warning);
        var made = Assert.Single(_gitHub.Deployments);
        Assert.Equal(("google/lab", "0123abc", false), ((string)made["environment"]!, (string)made["ref"]!, (bool)made["auto_merge"]!));
        Assert.Empty(made["required_contexts"]!.AsArray());
        Assert.Equal(["in_progress", "success"], _gitHub.DeploymentStatuses.Select(s => (string)s.Status["state"]!));
        Assert.Equal(Frontend.AbsoluteUri, (string)_gitHub.DeploymentStatuses[^1].Status["environment_url"]!);
        Assert.Equal(["pending", "success"], _gitHub.CommitStatuses.Select(s => (string)s["state"]!));
        Assert.Equal((int)made["id"]!, news.DeploymentId);
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task A_failure_is_shown_with_its_reason_in_140_characters()
    {
        var news = News();
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync("quota exceeded:\n" + new string('x', 300), "", Frontend);

        var status = _gitHub.DeploymentStatuses[^1].Status;
        Assert.Equal("failure", (string)status["state"]!);
        Assert.StartsWith("quota exceeded: xxx", (string)status["description"]!, StringComparison.Ordinal);
        Assert.Equal(140, ((string)status["description"]!).Length);
        Assert.Null(status["environment_url"]);
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task What_is_taken_down_is_inactive_and_only_that()
    {
        var news = News();
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync(null, "", Frontend);
        var other = News();
        other.DeploymentBegins("google/pr-42");
        await other.DeploymentEndedAsync(null, "", Frontend);

        await News().DeploymentRemovedAsync("google/lab");
        await News().DeploymentRemovedAsync("google/lab");

        Assert.Equal([news.DeploymentId!.Value], _gitHub.DeploymentStatuses.Where(s => (string)s.Status["state"]! == "inactive").Select(s => s.Deployment));
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task The_plan_is_one_comment_that_is_changed_and_not_repeated()
    {
        var first = News(pullRequest: 4);
        await first.PlanMadeAsync("lab", "first");
        Assert.True(first.Warning is null, first.Warning);
        await News(pullRequest: 4).PlanMadeAsync("lab", "second");
        await News(pullRequest: 4).PlanMadeAsync("other", "third");
        await News().PlanMadeAsync("lab", "nowhere");

        Assert.Equal(2, _gitHub.Comments.Count);
        Assert.Contains("second", (string)_gitHub.Comments[0].Comment["body"]!, StringComparison.Ordinal);
        Assert.Empty(_gitHub.Violations);
    }

    [Fact]
    public async Task A_failed_teardown_opens_one_issue_which_is_closed_and_opened_again()
    {
        await News().ExpiredTakenDownAsync(null);
        Assert.Empty(_gitHub.Issues);

        var opening = News();
        await opening.ExpiredTakenDownAsync("firewall rule http: 403");
        Assert.True(opening.Warning is null, opening.Warning);
        await News().ExpiredTakenDownAsync("firewall rule http2: 403");
        var issue = Assert.Single(_gitHub.Issues);
        Assert.Contains("http2", (string)issue["body"]!, StringComparison.Ordinal);

        await News().ExpiredTakenDownAsync(null);
        Assert.Equal("closed", (string)issue["state"]!);
        Assert.Single(_gitHub.Comments);
        await News().ExpiredTakenDownAsync(null);
        Assert.Single(_gitHub.Comments);

        await News().ExpiredTakenDownAsync("again");
        Assert.Equal("open", (string)Assert.Single(_gitHub.Issues)["state"]!);
        Assert.Empty(_gitHub.Violations);
    }

    [Theory]
    [InlineData(401, "401", true)]
    [InlineData(403, "permissions do not allow it", false)]
    [InlineData(404, "does not see o/r", false)]
    [InlineData(422, "422", false)]
    [InlineData(500, "500", true)]
    [InlineData(503, "503", true)]
    [InlineData(0, "no answer from 127.0.0.1 in time", true)]
    public async Task A_GitHub_that_fails_is_one_warning(int status, string told, bool givesUp)
    {
        _gitHub.Fault = _ => (status, NoHeaders);
        var news = News(patience: status == 0 ? TimeSpan.FromMilliseconds(300) : null);
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync(null, "", Frontend);
        await news.ExpiredTakenDownAsync("left");

        Assert.Contains(told, news.Warning, StringComparison.Ordinal);
        Assert.EndsWith("The run itself is not affected.", news.Warning, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', news.Warning!);
        Assert.DoesNotContain(GitHubFake.Token, news.Warning!);
        Assert.Equal(givesUp, _gitHub.Requests.Count <= 1); // A request that took too long may not even have arrived.
        Assert.Null(news.DeploymentId);
    }

    [Fact]
    public async Task A_rate_limit_ends_the_reporting_and_says_until_when()
    {
        _gitHub.Fault = _ => (403, new Dictionary<string, string>
        {
            ["X-RateLimit-Limit"] = "5000", ["X-RateLimit-Remaining"] = "0", ["X-RateLimit-Reset"] = "1767323045",
        });
        var news = News();
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync(null, "", Frontend);

        Assert.Contains("rate limit until 03:04:05 UTC", news.Warning, StringComparison.Ordinal);
        Assert.Single(_gitHub.Requests);
    }

    [Fact]
    public async Task What_one_permission_forbids_does_not_keep_the_rest_back()
    {
        _gitHub.Fault = call => call.EndsWith("/deployments", StringComparison.Ordinal) ? (403, NoHeaders) : null;
        var news = News();
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync(null, "1 of 1", Frontend);

        Assert.Equal(["pending", "success"], _gitHub.CommitStatuses.Select(s => (string)s["state"]!));
        Assert.Contains("deployments: write", news.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_GitHub_answer_is_a_warning_too()
    {
        _gitHub.Fault = _ => (200, NoHeaders);
        var news = News();
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync(null, "", Frontend);
        await news.PlanMadeAsync("lab", "plan");
        await news.DeploymentRemovedAsync("google/lab");

        Assert.NotNull(news.Warning);
    }

    [Fact]
    public async Task Nobody_there_is_a_warning_too()
    {
        await _gitHub.DisposeAsync();
        var news = News();
        news.DeploymentBegins("google/lab");
        await news.DeploymentEndedAsync(null, "", Frontend);

        Assert.NotNull(news.Warning);
        _gitHub = await GitHubFake.StartAsync();
    }

    private GitHubRun Run(int? pullRequest = null) => new()
    {
        Api = _gitHub.Address, Owner = "o", Repository = "r", Token = GitHubFake.Token, Commit = "0123abc", Page = new Uri("https://github.example/o/r/actions/runs/1"), PullRequest = pullRequest,
    };

    private GitHubNews News(int? pullRequest = null, TimeSpan? patience = null) => new(Run(pullRequest), patience);
}
