using System.Security.Cryptography;

namespace PrimeDeploy.LocalCloud.Tests.Storage;

/// <summary>Runs alone: what is measured is all that the process allocates.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MeasuredAlone
{
    public const string Name = "measured alone";
}

[Collection(MeasuredAlone.Name)]
public sealed class UploadMemoryTests
{
    [Fact]
    public async Task A_large_upload_does_not_sit_in_memory()
    {
        await using var server = await StorageServer.StartAsync();
        await server.MakeBucketAsync("tools");
        var block = RandomNumberGenerator.GetBytes(1 << 20);
        await server.UploadAsync("tools", "warm", block);

        var before = GC.GetTotalAllocatedBytes();
        using var content = new StreamContent(new RepeatedStream(block, times: 48));
        using var answer = await server.Http.PostAsync("/upload/storage/v1/b/tools/o?uploadType=media&name=big", content);

        Assert.Equal((48L << 20).ToString(), (string?)(await StorageServer.ReadAsync(answer))["size"]);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 24 << 20); // client and server are one process here
    }
}
