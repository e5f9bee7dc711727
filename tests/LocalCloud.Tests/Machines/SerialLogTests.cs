using PrimeDeploy.LocalCloud.Machines.Namespaces;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class SerialLogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Reading_goes_on_where_the_last_reading_ended()
    {
        File.AppendAllText(_path, "first ");
        var first = SerialLog.Read(_path, 0);
        File.AppendAllText(_path, "second");
        var second = SerialLog.Read(_path, first.Next);

        Assert.Equal((0, "first ", 6), (first.Start, first.Contents, first.Next));
        Assert.Equal((6, "second", 12), (second.Start, second.Contents, second.Next));
        Assert.Equal("cond", SerialLog.Read(_path, -4).Contents);
        Assert.Equal((12, "", 12), (SerialLog.Read(_path, 500).Start, SerialLog.Read(_path, 500).Contents, SerialLog.Read(_path, 500).Next));
    }

    [Fact]
    public void A_character_that_is_half_there_is_left_for_the_next_reading()
    {
        File.WriteAllBytes(_path, [.. "a→"u8, .. "→"u8[..2]]);
        var first = SerialLog.Read(_path, 0);
        Assert.Equal(("a→", 4), (first.Contents, first.Next));

        File.AppendAllBytes(_path, "→"u8[2..].ToArray());
        Assert.Equal("→", SerialLog.Read(_path, first.Next).Contents);
    }

    [Fact]
    public void Only_the_last_mebibyte_is_kept_and_a_gap_shows_in_the_start()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Repeat((byte)'x', 3 * SerialLog.KeptBytes)]);
        SerialLog.Trim(_path);

        var output = SerialLog.Read(_path, 10);
        Assert.Equal(2 * SerialLog.KeptBytes, output.Start);
        Assert.Equal(SerialLog.KeptBytes, output.Contents.Length);
        Assert.DoesNotContain('\0', output.Contents);
    }

    [Fact]
    public void A_machine_that_never_booted_has_an_empty_log()
    {
        File.Delete(_path);
        Assert.Equal("", SerialLog.Read(_path, 0).Contents);
    }

    public void Dispose() => File.Delete(_path);
}
