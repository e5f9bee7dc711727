using PrimeDeploy.Reporting.GitHub;

namespace PrimeDeploy.Reporting.Tests.GitHub;

public sealed class GitHubRemoteTests
{
    [Theory]
    [InlineData("https://github.com/me/it.git", "https://api.github.com/")]
    [InlineData("git@github.com:me/it.git", "https://api.github.com/")]
    [InlineData("ssh://git@github.com/me/it", "https://api.github.com/")]
    [InlineData("https://git.example.com/me/it", "https://git.example.com/api/v3")]
    [InlineData("git@firm.ghe.com:me/it.git", "https://api.firm.ghe.com/")]
    public void A_remote_tells_repository_and_api(string url, string api)
    {
        var remote = GitHubRemote.Parse(url);
        Assert.Equal(("me", "it", api), (remote!.Owner, remote.Repository, remote.Api.AbsoluteUri));
    }

    [Theory]
    [InlineData("/srv/git/it")]
    [InlineData("")]
    [InlineData("https://github.com/me")]
    public void What_is_no_repository_on_a_server_is_none(string url) => Assert.Null(GitHubRemote.Parse(url));
}
