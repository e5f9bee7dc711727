using System.Diagnostics;
using PrimeDeploy.Reporting.Tests.GitHub;
using YamlDotNet.RepresentationModel;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>The lab of ci.yml as GitHub's runner executes it: machines that boot, a browser, and secrets that somebody planted.</summary>
[Collection(Steps.OneAtATime)]
public sealed class LabJobTests : JobTests
{
    private const string PlantedPassword = "PLANTED-PASSWORD-52ab";
    private static readonly string[] Planted = [PlantedKey, PlantedPassword, GitHubFake.Token];

    [LabFact]
    public async Task The_lab_is_deployed_pictured_and_taken_down_and_no_secret_is_anywhere()
    {
        await using var runner = new Runner(new Dictionary<string, string>
        {
            ["GITHUB_API_URL"] = GitHub.Address.AbsoluteUri, ["GOOGLE_APPLICATION_CREDENTIALS"] = Credentials, ["DATABASE_PASSWORD"] = PlantedPassword,
        });
        runner.Shell.Machines = "namespaces";
        var job = Yaml.Read(Path.Combine(Yaml.Root, ".github", "workflows", "ci.yml")).Get("jobs").Get("lab")!;
        var token = new Dictionary<string, string> { ["github.token"] = GitHubFake.Token };
        static bool IsTeardown(YamlNode step) => step.Get("with").Get("target").Text() == "Teardown";

        var commandLines = await Processes.CommandLinesDuringAsync(runner.RunAsync(job, token, step => !IsTeardown(step)));
        Assert.False(runner.Failed, runner.Log);
        var page = runner.Summary;
        Assert.Matches(@"\b(\d+) of \1 checks passed", page);
        Assert.Contains("**Open [http://127.", page, StringComparison.Ordinal);
        Assert.Contains("```mermaid", page, StringComparison.Ordinal);
        Assert.Contains("about $", page, StringComparison.Ordinal);
        var artifacts = Path.Combine(Yaml.Root, job.Get("steps").Items().Last().Get("with").Get("path").Text()!);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(Path.Combine(artifacts, "frontend.png"))[..4]);
        Assert.Contains("forwarding rule prime-lb: created", File.ReadAllText(Path.Combine(artifacts, "Screenshot.log")), StringComparison.Ordinal);
        Assert.Equal("local/lab", (string)GitHub.Deployments.Single()["environment"]!);
        Assert.Equal(["pending", "success"], GitHub.CommitStatuses.Select(status => (string)status["state"]!));

        // The machines, whose metadata and disks are in the local cloud's folder, and whoever looks at the host's processes.
        var inMachines = Processes.EnvironmentsInMachinesOf(runner.Shell.State);
        Assert.True(inMachines.Count >= 4, $"Only {inMachines.Count} processes were found in three backends and a frontend.");
        Assert.All(inMachines, AssertClean);
        Assert.Contains(commandLines, line => line.Contains(runner.Shell.State, StringComparison.Ordinal));
        Assert.All(commandLines, AssertClean);
        Assert.NotEmpty(FilesWith(runner.Shell.State, "startup-script-url"));
        Assert.Empty(FilesWith(runner.Shell.State, Planted));

        await runner.RunAsync(job, token, IsTeardown);
        Assert.False(runner.Failed, runner.Log);
        Assert.Equal(["in_progress", "success", "inactive"], GitHub.DeploymentStatuses.Select(status => (string)status.Status["state"]!));
        Assert.Empty(GitHub.Violations);
        Assert.False(Directory.Exists(runner.Shell.State));

        Assert.Empty(FilesWith(artifacts, Planted));
        AssertClean(runner.Summary);
        // The runner hides what it is told to; before that line nothing has it, and behind it neither.
        Assert.All(runner.Log.Split('\n').Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal)), AssertClean);
        Assert.All(Planted, secret => Assert.Contains($"::add-mask::{secret}", runner.Log, StringComparison.Ordinal));
    }

    private static void AssertClean(string text) => Assert.All(Planted, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));

    /// <summary>What is mounted in it is not part of it: a machine's disk is there as what the machine wrote.</summary>
    private static string[] FilesWith(string folder, params string[] texts)
    {
        using var find = Process.Start(new ProcessStartInfo("find", [folder, "-xdev", "-type", "f", "-exec", "grep", "-lF", .. texts.SelectMany(text => (string[])["-e", text]), "{}", "+"])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        var found = find.StandardOutput.ReadToEnd();
        find.WaitForExit();
        return found.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
