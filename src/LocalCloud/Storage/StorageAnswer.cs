using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>What a handler wants said; <see cref="StorageWire"/> says it.</summary>
internal abstract record StorageAnswer;

internal sealed record JsonAnswer(JsonObject Body) : StorageAnswer;

/// <summary>204.</summary>
internal sealed record NothingAnswer : StorageAnswer
{
    public static NothingAnswer Instance { get; } = new();
}

/// <summary>An object's content, or the range of it that the request asks for.</summary>
internal sealed record MediaAnswer(StoredObject Object, FileStream Content) : StorageAnswer;

/// <param name="Location">Where the content is to be put.</param>
/// <param name="UploadId">The session.</param>
internal sealed record UploadBegunAnswer(string Location, string UploadId) : StorageAnswer;

/// <summary>308: go on.</summary>
/// <param name="Received">How many bytes are here for good.</param>
internal sealed record UploadIncompleteAnswer(long Received) : StorageAnswer;

/// <summary>499: the client cancelled the upload.</summary>
internal sealed record UploadCancelledAnswer : StorageAnswer;
