using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>The scripts of the docs, run as they are, with a gcloud and a gh that write down what they are asked.</summary>
public sealed partial class SetUpScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("primedeploy-docs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [BashFact]
    public void Google_Cloud_is_set_up_with_the_apis_and_a_role_of_exactly_the_permissions_of_the_list()
    {
        var calls = Run("google-cloud.md");

        Assert.Contains(calls, call => call.StartsWith("gcloud services enable compute.googleapis.com storage.googleapis.com", StringComparison.Ordinal));
        var role = calls.Single(call => call.StartsWith("gcloud iam roles create", StringComparison.Ordinal));
        var list = File.ReadAllText(Path.Combine(Yaml.Root, "docs", "google-cloud.md")).Split("<!-- permissions:")[1].Split("<!-- end")[0];
        var listed = Permission().Matches(list).Select(match => match.Value).ToHashSet();
        Assert.True(listed.Remove("iam.serviceAccounts.actAs"), "It is given for the machines' account alone.");
        Assert.Equal(listed.Order(StringComparer.Ordinal), role.Split("--permissions=")[1].Split(' ')[0].Split(',').Order(StringComparer.Ordinal));
        Assert.Contains("gcloud iam service-accounts add-iam-policy-binding 4711-compute@developer.gserviceaccount.com " +
            "--member=serviceAccount:primedeploy@my-project.iam.gserviceaccount.com --role=roles/iam.serviceAccountUser", calls);
    }

    [BashFact]
    public void GitHubs_tokens_are_believed_on_the_condition_that_they_are_the_repositorys()
    {
        var calls = Run("google-cloud.md");

        Assert.Contains("--attribute-condition=assertion.repository_id == '123456789'", calls.Single(call => call.Contains("create-oidc", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("gcloud iam service-accounts add-iam-policy-binding primedeploy@my-project.iam.gserviceaccount.com --role=roles/iam.workloadIdentityUser " +
            "--member=principalSet://iam.googleapis.com/projects/4711/locations/global/workloadIdentityPools/primedeploy/attribute.repository_id/123456789", calls);
        // What the workflows read is what the script sets.
        var set = calls.Where(call => call.StartsWith("gh variable set ", StringComparison.Ordinal)).Select(call => call.Split(' ')[3]);
        var read = Yaml.Workflows.SelectMany(file => Variable().Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value).Distinct();
        Assert.Equal(read.Order(StringComparer.Ordinal), set.Order(StringComparer.Ordinal));
    }

    [BashFact]
    public void Azures_tokens_are_believed_under_a_subject_that_Google_takes()
    {
        var calls = Run("azure-devops.md");

        var provider = calls.Single(call => call.Contains("create-oidc azure", StringComparison.Ordinal));
        Assert.Contains("--attribute-condition=assertion.sub == '/eid1/c/pub/t/TENANT/a/APPLICATION/sc/ORGANIZATION/CONNECTION'", provider, StringComparison.Ordinal);
        Assert.Contains("--attribute-mapping=google.subject=assertion.sub.extract('/sc/{connection}')", provider, StringComparison.Ordinal);
        Assert.EndsWith("/subject/ORGANIZATION/CONNECTION", calls.Single(call => call.Contains("workloadIdentityUser", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private List<string> Run(string doc)
    {
        var log = Path.Combine(_folder.FullName, "calls");
        foreach (var program in (string[])["gcloud", "gh"])
        {
            var file = Path.Combine(_folder.FullName, program);
            File.WriteAllText(file, $"#!/bin/bash\necho \"{program} $*\" >>'{log}'\n[[ $* == *projectNumber* ]] && echo 4711\nexit 0\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var script = Docs.Scripts(Path.Combine(Yaml.Root, "docs", doc)).First();
        var start = new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { WorkingDirectory = Yaml.Root, UseShellExecute = false, RedirectStandardError = true };
        start.Environment["PATH"] = $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
        return [.. File.ReadAllLines(log)];
    }

    [GeneratedRegex(@"(?<=`)[a-z]+\.[A-Za-z]+\.[A-Za-z]+(?=`)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Permission();

    [GeneratedRegex(@"vars\.(?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Variable();
}
