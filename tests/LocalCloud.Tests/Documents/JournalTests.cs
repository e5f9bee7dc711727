using System.Text;
using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Documents;

public sealed class JournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("journal-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static ResourceName Name(string id) => new("p", "global", "firewalls", id);

    private Dictionary<string, string?> Reload()
    {
        using var journal = Journal.Open(_directory);
        return journal.Documents().ToDictionary(d => d.Name.Path, d => d.Json.Text("value"));
    }

    [Fact]
    public void The_newest_state_of_every_document_comes_back()
    {
        using (var journal = Journal.Open(_directory))
        {
            var store = new DocumentStore(journal.Record);
            store.TryInsert(Name("a"), new JsonObject { ["value"] = "1" });
            store.TryInsert(Name("b"), new JsonObject { ["value"] = "2" });
            store.TryInsert(Name("c"), new JsonObject { ["value"] = "3" });
            store.Update(Name("a"), json => json["value"] = "4");
            store.Remove(Name("b"));
        }
        var expected = new Dictionary<string, string?> { [Name("a").Path] = "4", [Name("c").Path] = "3" };
        Assert.Equal(expected, Reload());
        Assert.Equal(expected, Reload());
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_is_dropped()
    {
        using (var journal = Journal.Open(_directory))
            journal.Record(Name("a"), new JsonObject { ["value"] = "1" });
        File.AppendAllText(Path.Combine(_directory, "documents.jsonl"), """{"name":"projects/p/global/firewalls/b","docu""");
        Assert.Equal(["1"], Reload().Values);
        using (var journal = Journal.Open(_directory))
            journal.Record(Name("b"), new JsonObject { ["value"] = "2" });
        Assert.Equal(2, Reload().Count);
    }

    [Fact]
    public void A_file_that_is_something_else_is_refused_by_name()
    {
        File.WriteAllText(Path.Combine(_directory, "documents.jsonl"), "{\"what\":1}\n", Encoding.UTF8);
        Assert.Contains("documents.jsonl", Assert.Throws<IOException>(() => Journal.Open(_directory)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_with_much_that_is_outdated_shrinks()
    {
        using var journal = Journal.Open(_directory);
        var large = new JsonObject { ["value"] = new string('x', 200_000) };
        for (var i = 0; i < 100; i++)
            journal.Record(Name("a"), large);
        Assert.InRange(new FileInfo(Path.Combine(_directory, "documents.jsonl")).Length, 200_000, 18_000_000);
    }
}
