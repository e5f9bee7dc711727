namespace PrimeDeploy.Primes.Tests.Startup;

public sealed class ScriptTests
{
    [ToolFact("shellcheck")]
    public async Task Shellcheck_has_nothing_to_say()
    {
        var (exitCode, output) = await Scripts.RunAsync("shellcheck", [.. Scripts.Roles.Select(Scripts.PathOf)]);
        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void What_the_scripts_share_is_the_same_to_the_byte()
    {
        var shared = Scripts.Roles.Select(role => Between(File.ReadAllText(Scripts.PathOf(role)), "# ---- The same in ", "# ---- What this machine is."));
        Assert.Single(shared.Distinct(StringComparer.Ordinal));
    }

    private static string Between(string text, string from, string to)
    {
        var start = text.IndexOf(from, StringComparison.Ordinal);
        return text[start..text.IndexOf(to, start, StringComparison.Ordinal)];
    }
}
