using System.Text;
using System.Text.RegularExpressions;

namespace PrimeDeploy.Deployer;

/// <summary>
/// A startup script as a machine gets it. That is one file, so a line <c>source "${BASH_SOURCE[0]%/*}/NAME"</c> gives way to the text of
/// the file of that name in the same folder.
/// </summary>
internal static partial class StartupScript
{
    public static ObjectContent Read(string path) =>
        ObjectContent.Of(Encoding.UTF8.GetBytes(Source().Replace(File.ReadAllText(path), source => File.ReadAllText(Sourced(path, source)))));

    /// <summary>The files that the script sources and that are not there.</summary>
    public static IEnumerable<string> Missing(string path) =>
        Source().Matches(File.ReadAllText(path)).Select(source => Sourced(path, source)).Where(file => !File.Exists(file)).Select(file => Path.GetFileName(file));

    private static string Sourced(string path, Match source) => Path.Combine(Path.GetDirectoryName(path)!, source.Groups["name"].Value);

    [GeneratedRegex("""^source "\$\{BASH_SOURCE\[0\]%/\*\}/(?<name>[-.\w]+)"$""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Source();
}
