namespace PrimeDeploy.Reporting.Tests;

public sealed class SecretsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Tokens_and_the_credential_file_are_known_and_replaced()
    {
        File.WriteAllText(_file, """{ "type": "service_account", "private_key": "-----BEGIN PLANTED-----", "client_email": "me@example.com", "refresh_token": "planted-refresh" }""");
        var secrets = Secrets.Of(new Dictionary<string, string>
        {
            ["GITHUB_TOKEN"] = "ghs_planted123", ["MY_PASSWORD"] = "planted-password", ["PATH"] = "/usr/bin:/planted", ["GOOGLE_APPLICATION_CREDENTIALS"] = _file,
        });

        Assert.Equal(["-----BEGIN PLANTED-----", "ghs_planted123", "planted-password", "planted-refresh"], secrets.Values.Order(StringComparer.Ordinal));
        Assert.Equal("*** and *** of me@example.com in /usr/bin:/planted", secrets.Redact("ghs_planted123 and -----BEGIN PLANTED----- of me@example.com in /usr/bin:/planted"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[1]")]
    public void A_file_that_is_none_is_no_trouble_here(string text)
    {
        File.WriteAllText(_file, text);
        Assert.Empty(Secrets.Of(new Dictionary<string, string> { ["GOOGLE_APPLICATION_CREDENTIALS"] = _file }).Values);
    }

    [Fact]
    public void A_short_value_is_a_word_and_no_secret() => Assert.Equal("a test of tests", new Secrets(["test"]).Redact("a test of tests"));
}
