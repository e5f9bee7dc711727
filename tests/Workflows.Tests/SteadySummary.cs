using System.Text.RegularExpressions;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>A run's page that can be compared with another run's.</summary>
internal static partial class SteadySummary
{
    /// <summary>Without what differs from run to run: times, hashes, addresses, the machines' own names, and the order in which parallel work ended.</summary>
    public static string Of(string summary)
    {
        var calm = Retries().Replace(summary, "");
        var steady = Hashes().Replace(Times().Replace(Machines().Replace(Addresses().Replace(calm, "127.x.y.z"), "backend-xxxx"), "0.0"), "HASH");
        return string.Join("\n", steady.Split("\n").GroupAdjacent(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.Contains("---", StringComparison.Ordinal))
            .SelectMany(IEnumerable<string> (group) => group.Key ? group.Lines.Order(StringComparer.Ordinal) : group.Lines));
    }

    [GeneratedRegex(@" · \d+ calls? made again", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Retries();

    [GeneratedRegex(@"127\.\d+\.\d+\.\d+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"backend-[a-z0-9]{4}\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Machines();

    [GeneratedRegex(@"(?<![\d.])\d+\.\d+(?= (\||s\b))|\b\d+(\.\d+)? (MiB|bytes)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Times();

    [GeneratedRegex(@"\b[0-9a-f]{8,64}\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Hashes();
}
