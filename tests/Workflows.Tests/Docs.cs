using System.Text.RegularExpressions;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>The scripts that people are told to run by hand.</summary>
internal static class Docs
{
    public static IEnumerable<string> Files => Directory.EnumerateFiles(Path.Combine(Yaml.Root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(Yaml.Root, "README.md"));

    /// <summary>What stands between ```bash and ```.</summary>
    public static IEnumerable<string> Scripts(string file) =>
        Regex.Matches(File.ReadAllText(file), @"^```bash\n(?<script>.*?)^```", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, TimeSpan.FromSeconds(1))
            .Select(match => match.Groups["script"].Value);
}
