using System.Diagnostics;

namespace PrimeDeploy.Build.Tests.Scripts;

public sealed class BuildScriptTests(SmallCheckout checkout) : IClassFixture<SmallCheckout>
{
    private const string Building = "Building PrimeDeploy ...\n";

    [LinuxFact]
    public async Task The_first_run_builds_the_next_one_only_runs_and_arguments_and_exit_code_pass_unchanged()
    {
        checkout.WriteProgram();

        var first = await checkout.RunAsync(null, "--target=Build", "two words", "", "*", "$HOME");
        var second = await checkout.RunAsync(null, "-t", "Build");

        Assert.Equal(new ScriptRun(42, "--target=Build\ntwo words\n\n*\n$HOME\n", Building), first);
        Assert.Equal(new ScriptRun(42, "-t\nBuild\n", ""), second);
    }

    [LinuxFact]
    public async Task A_source_that_was_added_or_deleted_builds_again()
    {
        await checkout.RunAsync(null, "-t", "build");

        checkout.Write("src/Deployer/Added.cs", "// added\n");
        var added = await checkout.RunAsync(null, "-t", "build");
        checkout.Delete("src/Deployer/Added.cs");
        var deleted = await checkout.RunAsync(null, "-t", "build");

        Assert.Equal(Building, added.Errors);
        Assert.Equal(Building, deleted.Errors);
    }

    [LinuxFact]
    public async Task What_does_not_compile_is_shown_and_nothing_runs()
    {
        checkout.WriteProgram("\nbroken");
        var broken = await checkout.RunAsync(null, "-t", "build");
        var stillBroken = await checkout.RunAsync(null, "-t", "build");
        checkout.WriteProgram();
        var mended = await checkout.RunAsync(null, "-t", "build");

        Assert.Equal((1, ""), (broken.ExitCode, broken.Output));
        Assert.Contains("Program.cs(", broken.Errors, StringComparison.Ordinal);
        Assert.Contains("): error CS", broken.Errors, StringComparison.Ordinal);
        Assert.EndsWith("PrimeDeploy does not build; the compiler's errors are above.\n", broken.Errors, StringComparison.Ordinal);
        Assert.Equal(1, stillBroken.ExitCode);
        Assert.Equal(42, mended.ExitCode);
    }

    [LinuxFact]
    public async Task Two_runs_at_once_build_once_and_both_run()
    {
        checkout.WriteProgram();

        var runs = await Task.WhenAll(checkout.RunAsync(null, "-t", "build"), checkout.RunAsync(null, "-t", "build"));

        Assert.Equal([42, 42], runs.Select(run => run.ExitCode));
        Assert.Equal(["", Building], runs.Select(run => run.Errors).Order(StringComparer.Ordinal));
    }

    [LinuxFact]
    public async Task Signals_reach_the_program()
    {
        using var process = checkout.Start(null, "-t", "build", "wait");
        string? line;
        do
            line = await process.StandardOutput.ReadLineAsync();
        while (line is not (null or "waiting"));

        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(null, null)]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();

        Assert.Equal(43, process.ExitCode);
    }

    [LinuxFact]
    public async Task A_missing_SDK_is_named_with_what_to_install()
    {
        var run = await checkout.RunAsync(checkout.PathWithOnly(), "--tree");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("dotnet is not installed: PrimeDeploy needs the .NET SDK 10.0.100", run.Errors, StringComparison.Ordinal);
        Assert.Contains("dotnet-sdk-10.0", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task An_SDK_that_is_too_old_is_named_with_what_to_install()
    {
        using var other = new SmallCheckout();
        other.Write("global.json", """{ "sdk": { "version": "99.0.100" } }""");

        var run = await other.RunAsync(null, "--tree");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("The installed .NET SDK is too old: PrimeDeploy needs the .NET SDK 99.0.100", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Where_packages_cannot_be_installed_all_that_are_missing_are_named()
    {
        var run = await checkout.RunAsync(checkout.PathWithOnly("unshare", "nsenter", "setpriv", "mount"), "--target=Deploy");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("The local cloud's machines need what Debian calls: nftables iproute2 perl-base curl.\n", run.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Only_what_runs_machines_asks_for_packages()
    {
        await checkout.RunAsync(null, "-t", "build");
        var path = checkout.PathWithOnly("dotnet");

        string[][] without =
        [
            ["--tree"], ["--dryrun"], ["-h"], ["-t", "Build", "--target=publish"], ["--target", "Teardown"], ["--cloud=Google", "-t=Deploy"],
            ["-t", "Deploy", "--cloud", "google"], ["--machines=none", "-t", "Deploy"], [],
        ];
        foreach (var arguments in without)
            Assert.Equal((42, ""), await ExitAndErrors(path, arguments));

        string[][] with = [["--target=Deploy"], ["-t", "Build", "-t", "Deploy"], ["-t", "Deploy", "--zone", "google"], ["-t=Plan", "--cloud=local"]];
        foreach (var arguments in with)
            Assert.Equal(1, (await ExitAndErrors(path, arguments)).ExitCode);
    }

    private async Task<(int ExitCode, string Errors)> ExitAndErrors(string path, string[] arguments)
    {
        var run = await checkout.RunAsync(path, arguments);
        return (run.ExitCode, run.Errors);
    }
}
