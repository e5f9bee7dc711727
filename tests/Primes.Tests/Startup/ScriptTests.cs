namespace PrimeDeploy.Primes.Tests.Startup;

public sealed class ScriptTests
{
    [ToolFact("shellcheck")]
    public async Task Shellcheck_has_nothing_to_say()
    {
        var (exitCode, output) = await Scripts.RunAsync("shellcheck", ["--external-sources", "--source-path=SCRIPTDIR", .. Directory.GetFiles(Scripts.Folder, "*.sh")]);
        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }
}
