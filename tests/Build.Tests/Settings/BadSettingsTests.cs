namespace PrimeDeploy.Build.Tests.Settings;

public sealed class BadSettingsTests
{
    [Fact]
    public async Task Every_mistake_is_told_at_once_with_setting_value_and_what_is_allowed()
    {
        var (exitCode, output) = await Checkout.BuildAsync(
            new Dictionary<string, string> { ["CAKE_PRIMEDEPLOY_SIEZ"] = "4" },
            "--target=Deploy", "--zone=atlantis", "--size=0", "--name=Bad_Name", "--addres=1", "--address=10.138", "--latency=slow", "--init=upstart", "--port=70000");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("--zone: 'atlantis'", output);
        Assert.Contains("for example us-west1-b", output);
        Assert.Contains("--size: '0'", output);
        Assert.Contains("from 1 to 1000", output);
        Assert.Contains("--name: 'Bad_Name'", output);
        Assert.Contains("--addres: there is no such argument. Did you mean --address?", output);
        Assert.Contains("--address: '10.138'", output);
        Assert.Contains("--latency: 'slow' (given as argument) is not allowed. Allowed: instant or realistic.", output);
        Assert.Contains("--init: 'upstart' (given as argument) is not allowed. Allowed: light or systemd.", output);
        Assert.Contains("--port: '70000' (given as argument) is not allowed.", output);
        Assert.Contains("CAKE_PRIMEDEPLOY_SIEZ (environment): there is no such setting. Did you mean CAKE_PRIMEDEPLOY_SIZE?", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("three")]
    [InlineData("1001")]
    public async Task A_size_that_is_none_names_what_is_allowed(string size)
    {
        var (exitCode, output) = await Checkout.BuildAsync("--target=Deploy", $"--size={size}");

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"--size: '{size}'", output);
        Assert.Contains("a whole number from 1 to 1000", output);
    }

    [Fact]
    public async Task Google_Cloud_needs_a_project()
    {
        var (exitCode, output) = await Checkout.BuildAsync("--target=Deploy", "--cloud=google");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("--project", output);
    }

    [Fact]
    public async Task The_environment_is_told_apart_from_arguments()
    {
        var (exitCode, output) = await Checkout.BuildAsync(new Dictionary<string, string> { ["CAKE_PRIMEDEPLOY_SIZE"] = "many" }, "--target=Explain");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("--size: 'many' (from cake.config or CAKE_PRIMEDEPLOY_SIZE) is not allowed.", output);
    }
}
