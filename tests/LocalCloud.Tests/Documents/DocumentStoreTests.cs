using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Documents;

public sealed class DocumentStoreTests
{
    private static readonly ResourceName A = new("p", "zones/us-west1-b", "instances", "a");

    [Fact]
    public async Task Who_waits_for_a_change_is_told_of_it()
    {
        var store = new DocumentStore();
        var waiting = store.WhenChangedAsync(store.Version, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        store.TryInsert(A, []);
        await waiting.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.True(store.WhenChangedAsync(store.Version - 1, CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public void A_snapshot_is_not_changed_by_an_update()
    {
        var store = new DocumentStore();
        store.TryInsert(A, new JsonObject { ["x"] = 1 });
        var before = store.Find(A)!;
        store.Update(A, json => json["x"] = 2);
        Assert.Equal((1L, 2L), (before.Integer("x"), store.Find(A)!.Integer("x")));
    }

    [Fact]
    public void An_update_that_changes_nothing_wakes_nobody()
    {
        var store = new DocumentStore();
        store.TryInsert(A, new JsonObject { ["x"] = 1 });
        var version = store.Version;
        store.Update(A, json => json["x"] = 1);
        Assert.Equal(version, store.Version);
    }

    [Theory]
    [InlineData("zones/us-west1-b", "us-west1-b", "us-west1")]
    [InlineData("regions/us-west1", null, "us-west1")]
    [InlineData("global", null, null)]
    public void A_name_knows_its_zone_and_region(string scope, string? zone, string? region)
    {
        var name = A with { Scope = scope };
        Assert.Equal((zone, region), (name.Zone, name.Region));
    }
}
