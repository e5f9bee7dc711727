using System.Diagnostics;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>What CI calls, in a checkout whose build only prints.</summary>
public sealed class CiScriptTests : IDisposable
{
    private readonly DirectoryInfo _checkout = Directory.CreateTempSubdirectory("primedeploy-ci-");

    public void Dispose() => _checkout.Delete(recursive: true);

    [BashFact]
    public void The_last_line_is_the_sums_also_where_the_build_prints_in_colours()
    {
        var (exitCode, lines) = Run("""printf '\033[37;1m3 passed, 0 failed, 1 skipped\033[0m\n::endgroup::\n'""");

        Assert.Equal((0, "3 passed, 0 failed, 1 skipped"), (exitCode, lines[^1]));
    }

    [BashFact]
    public void A_build_that_fails_fails_with_its_sums()
    {
        var (exitCode, lines) = Run("echo '2 passed, 1 failed, 0 skipped'; exit 7");

        Assert.Equal((7, "2 passed, 1 failed, 0 skipped"), (exitCode, lines[^1]));
    }

    [BashFact]
    public void A_build_without_sums_has_run_no_tests_and_fails() => Assert.Equal(1, Run("echo done").ExitCode);

    private (int ExitCode, string[] Lines) Run(string build)
    {
        Directory.CreateDirectory(Path.Combine(_checkout.FullName, ".ci"));
        File.Copy(Path.Combine(Yaml.Root, ".ci", "run"), Path.Combine(_checkout.FullName, ".ci", "run"));
        File.WriteAllText(Path.Combine(_checkout.FullName, "build.sh"), $"#!/bin/bash\n{build}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_checkout.FullName, "build.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(_checkout.FullName, ".ci", "run")]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.TrimEnd().Split('\n'));
    }
}
