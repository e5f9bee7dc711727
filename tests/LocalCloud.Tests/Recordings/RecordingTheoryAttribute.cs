namespace PrimeDeploy.LocalCloud.Tests.Recordings;

/// <summary>A test over the recorded exchanges, which lie beside the checkout and not in it; skipped with the reason where they are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RecordingTheoryAttribute : TheoryAttribute
{
    public RecordingTheoryAttribute() =>
        Skip = Recording.Folder is null ? "The recordings of Compute Engine are not beside this checkout (shared/gcp-recordings)." : null;
}
