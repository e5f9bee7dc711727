using System.Diagnostics;

namespace PrimeDeploy.Build.Tests.Scripts;

public sealed class CiRunTests : IDisposable
{
    private readonly string _checkout = Directory.CreateTempSubdirectory("ci-run-").FullName;

    public void Dispose() => Directory.Delete(_checkout, recursive: true);

    [LinuxTheory]
    [InlineData(@"7 passed, 0 failed, 2 skipped\n", 0, 0, "7 passed, 0 failed, 2 skipped")]
    [InlineData(@"\e[37;1m7 passed, 0 failed, 2 skipped\e[0m\nDone\n", 0, 0, "7 passed, 0 failed, 2 skipped")]
    [InlineData(@"\e[37;1m6 passed, 1 failed, 2 skipped\e[0m\nError\n", 3, 3, "6 passed, 1 failed, 2 skipped")]
    [InlineData(@"Nothing was tested\n", 0, 1, "Nothing was tested")]
    public async Task The_last_line_is_the_sums_and_the_exit_code_is_the_builds(string printed, int buildExitCode, int exitCode, string lastLine)
    {
        Write("build.sh", $"#!/usr/bin/env bash\n[ \"$*\" = --target=Test ] && printf '{printed}'\nexit {buildExitCode}\n");
        Write(".ci/run", await File.ReadAllTextAsync(Path.Combine(Checkout.Root, ".ci", "run")));

        using var run = Process.Start(new ProcessStartInfo(Path.Combine(_checkout, ".ci", "run")) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await run.StandardOutput.ReadToEndAsync();
        await run.WaitForExitAsync();

        Assert.Equal((exitCode, lastLine), (run.ExitCode, output.TrimEnd('\n').Split('\n')[^1]));
    }

    private void Write(string path, string script)
    {
        var file = Path.Combine(_checkout, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, script);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
