namespace PrimeDeploy.Deployer.Tests.Resources;

public sealed class OwnershipMarkTests
{
    private static readonly DateTimeOffset Expires = new(2026, 11, 22, 13, 5, 6, TimeSpan.Zero);

    [Fact]
    public void It_is_one_line_of_a_description_and_can_be_read_back_from_among_others()
    {
        var mark = new OwnershipMark("pr-42", "0123456789abcdef", Expires);

        Assert.Equal("primedeploy deployment=pr-42 spec=0123456789abcdef expires=2026-11-22T13:05:06Z", mark.ToString());
        Assert.Equal(mark, OwnershipMark.Parse($"Made by hand.\n{mark}"));
        Assert.Equal(mark with { Expires = null }, OwnershipMark.Parse((mark with { Expires = null }).ToString()));
    }

    [Fact]
    public void As_labels_it_keeps_to_what_labels_may_hold()
    {
        var mark = new OwnershipMark("pr-42", "0123456789abcdef", Expires);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);

        mark.WriteTo(labels);

        Assert.All(labels, label => Assert.Matches("^[-_a-z0-9]{1,63}$", label.Value));
        Assert.Equal(mark, OwnershipMark.Parse(labels));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("primedeploy is great")]
    public void What_bears_no_mark_is_nobodys(string? description) => Assert.Null(OwnershipMark.Parse(description));
}
