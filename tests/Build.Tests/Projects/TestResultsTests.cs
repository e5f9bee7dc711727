using PrimeDeploy.Build.Projects;

namespace PrimeDeploy.Build.Tests.Projects;

public sealed class TestResultsTests
{
    [Fact]
    public void Results_of_all_files_are_added_up_and_skipped_tests_say_why()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "a.trx", ("Passed", ""), ("Passed", ""), ("Failed", "no"));
        Write(folder, "b.trx", ("NotExecuted", "needs root"), ("NotExecuted", "needs root"), ("Passed", ""), ("Timeout", ""));

        var results = TestResults.Read(folder.Path);

        Assert.Equal("3 passed, 2 failed, 2 skipped", results.ToString());
        Assert.Equal([("needs root", 2)], results.SkipReasons);
    }

    private static void Write(TemporaryFolder folder, string file, params (string Outcome, string Message)[] results) =>
        File.WriteAllText(Path.Combine(folder.Path, file), $"""
            <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
            {string.Concat(results.Select(r => $"<UnitTestResult outcome=\"{r.Outcome}\"><Output><ErrorInfo><Message>{r.Message}</Message></ErrorInfo></Output></UnitTestResult>"))}
            </Results></TestRun>
            """);

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("primedeploy-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
