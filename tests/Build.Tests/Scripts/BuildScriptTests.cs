using System.Diagnostics;

namespace PrimeDeploy.Build.Tests.Scripts;

/// <summary>What build.sh alone has to do.</summary>
public sealed class BuildScriptTests(SmallCheckout checkout) : IClassFixture<SmallCheckout>
{
    [LinuxFact]
    public async Task What_a_shell_would_expand_or_leave_out_passes_unchanged()
    {
        var run = await checkout.RunAsync(null, "--target=Build", "", "*", "$HOME");

        Assert.Equal((42, "--target=Build\n\n*\n$HOME\n"), (run.ExitCode, run.Output));
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
