using System.Text.Json;

namespace PrimeDeploy.LocalCloud.Machines.Namespaces;

/// <summary>
/// The packet mark of each machine of a network. A mark is never given to a second machine: connections remember the machine by it,
/// also when the server that gave it is gone.
/// </summary>
/// <param name="Next">The mark of the next newcomer.</param>
/// <param name="Marks">By machine id.</param>
internal sealed record MarkBook(int Next, Dictionary<string, int> Marks)
{
    /// <summary>Above the routing tables that the kernel has names for, as a mark is also the number of a table.</summary>
    public static MarkBook Empty { get; } = new(1000, []);

    public static MarkBook Load(string path) => JsonSerializer.Deserialize<MarkBook>(File.ReadAllText(path))!;

    public MarkBook With(string machine) => new(Next + 1, new Dictionary<string, int>(Marks, StringComparer.Ordinal) { [machine] = Next });

    public MarkBook Without(string machine) => this with { Marks = Marks.Where(mark => mark.Key != machine).ToDictionary(StringComparer.Ordinal) };

    /// <summary>Replaces the file in one step.</summary>
    public void Save(string path)
    {
        var next = path + ".new";
        File.WriteAllText(next, JsonSerializer.Serialize(this));
        File.Move(next, path, overwrite: true);
    }
}
