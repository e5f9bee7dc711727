using System.Xml.Linq;

namespace PrimeDeploy.Build.Projects;

/// <summary>What a test run's TRX files say, added up.</summary>
/// <param name="SkipReasons">Each reason with the number of tests that gave it.</param>
internal sealed record TestResults(int Passed, int Failed, int Skipped, IReadOnlyList<(string Reason, int Tests)> SkipReasons)
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <summary>The line that CI reads.</summary>
    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";

    public static TestResults Read(string folder)
    {
        var results = Directory.EnumerateFiles(folder, "*.trx").SelectMany(file => XDocument.Load(file).Descendants(Trx + "UnitTestResult")).ToList();
        var outcomes = results.CountBy(r => (string?)r.Attribute("outcome") ?? "").ToDictionary();
        int Count(string outcome) => outcomes.GetValueOrDefault(outcome);
        var skips = results.Where(r => (string?)r.Attribute("outcome") == "NotExecuted")
            .CountBy(r => ((string?)r.Descendants(Trx + "Message").FirstOrDefault() ?? (string?)r.Descendants(Trx + "StdOut").FirstOrDefault() ?? "no reason given").Trim());
        return new TestResults(Count("Passed"), results.Count - Count("Passed") - Count("NotExecuted"), Count("NotExecuted"), [.. skips.Select(s => (s.Key, s.Value))]);
    }
}
