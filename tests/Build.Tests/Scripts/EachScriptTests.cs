namespace PrimeDeploy.Build.Tests.Scripts;

/// <summary>build.sh and build.ps1 do the same: the one where there is bash, the other, in the engine of PowerShell 7, everywhere.</summary>
public sealed class EachScriptTests
{
    private static readonly string Building = "Building PrimeDeploy ..." + Environment.NewLine;

    [Theory]
    [EachScript]
    public async Task The_first_run_builds_the_next_one_only_runs_and_arguments_and_exit_code_pass_unchanged(string script)
    {
        using var checkout = SmallCheckout.For(script);
        var first = await checkout.RunAsync(null, "--target=Build", "two words", "$HOME");
        var second = await checkout.RunAsync(null, "-t", "Build");

        Assert.Equal(new ScriptRun(42, Lines("--target=Build", "two words", "$HOME"), Building), first);
        Assert.Equal(new ScriptRun(42, Lines("-t", "Build"), ""), second);
    }

    [Theory]
    [EachScript]
    public async Task A_source_that_was_added_or_deleted_builds_again(string script)
    {
        using var checkout = SmallCheckout.For(script);
        await checkout.RunAsync(null, "-t", "build");

        checkout.Write("src/Reporting/Added.cs", "// added\n");
        var added = await checkout.RunAsync(null, "-t", "build");
        checkout.Delete("src/Reporting/Added.cs");
        var deleted = await checkout.RunAsync(null, "-t", "build");

        Assert.Equal((Building, Building), (added.Errors, deleted.Errors));
    }

    [Theory]
    [EachScript]
    public async Task What_does_not_compile_is_shown_and_nothing_runs(string script)
    {
        using var checkout = SmallCheckout.For(script);
        checkout.WriteProgram("\nbroken");
        var broken = await checkout.RunAsync(null, "-t", "build");
        var stillBroken = await checkout.RunAsync(null, "-t", "build");
        checkout.WriteProgram();
        var mended = await checkout.RunAsync(null, "-t", "build");

        Assert.Equal((1, ""), (broken.ExitCode, broken.Output));
        Assert.Contains("): error CS", broken.Errors, StringComparison.Ordinal);
        Assert.EndsWith("PrimeDeploy does not build; the compiler's errors are above." + Environment.NewLine, broken.Errors, StringComparison.Ordinal);
        Assert.Equal((1, 42), (stillBroken.ExitCode, mended.ExitCode));
    }

    [Theory]
    [EachScript]
    public async Task Two_runs_at_once_build_once_and_both_run(string script)
    {
        using var checkout = SmallCheckout.For(script);
        var runs = await Task.WhenAll(checkout.RunAsync(null, "-t", "build"), checkout.RunAsync(null, "-t", "build"));

        Assert.Equal([42, 42], runs.Select(run => run.ExitCode));
        Assert.Equal(["", Building], runs.Select(run => run.Errors).Order(StringComparer.Ordinal));
    }

    [Theory]
    [EachScript]
    public async Task A_missing_SDK_is_named_with_what_to_install(string script)
    {
        using var checkout = SmallCheckout.For(script);
        var run = await checkout.RunAsync(checkout.PathWithoutSdk(), "--tree");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("dotnet is not installed: PrimeDeploy needs the .NET SDK 10.0.100", run.Errors, StringComparison.Ordinal);
        Assert.Contains("get \".NET 10 SDK\" from Microsoft's download page", run.Errors.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Theory]
    [EachScript]
    public async Task An_SDK_that_is_too_old_is_named_with_what_to_install(string script)
    {
        using var checkout = SmallCheckout.For(script);
        checkout.Write("global.json", """{ "sdk": { "version": "99.0.100" } }""");

        var run = await checkout.RunAsync(null, "--tree");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("The installed .NET SDK is too old: PrimeDeploy needs the .NET SDK 99.0.100", run.Errors, StringComparison.Ordinal);
    }

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + Environment.NewLine));
}
