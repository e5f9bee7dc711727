namespace PrimeDeploy.LocalCloud.Storage;

/// <summary>
/// Conditions on the generation and metageneration of what is there, checked in one step with the change that they guard
/// (https://cloud.google.com/storage/docs/request-preconditions). Null: no condition.
/// </summary>
/// <param name="GenerationMatch">0: the object must not exist.</param>
internal sealed record Preconditions(long? GenerationMatch = null, long? GenerationNotMatch = null, long? MetagenerationMatch = null, long? MetagenerationNotMatch = null)
{
    public static Preconditions None { get; } = new();

    /// <summary>Checks what is to be changed.</summary>
    /// <param name="generation">0 when there is no live object.</param>
    /// <param name="metageneration">0 when there is nothing.</param>
    /// <exception cref="StorageException">412: one of them does not hold.</exception>
    public void Check(long generation, long metageneration)
    {
        if ((GenerationMatch is { } g && g != generation) || (MetagenerationMatch is { } m && m != metageneration)
            || IsExcluded(generation, metageneration))
            throw StorageException.Precondition();
    }

    /// <summary>Checks what is to be read: where a change is refused because it is still the same, a read is answered that nothing is new.</summary>
    /// <exception cref="StorageException">412 or 304.</exception>
    public void CheckRead(long generation, long metageneration)
    {
        if (IsExcluded(generation, metageneration))
            throw StorageException.NotModified();
        Check(generation, metageneration);
    }

    private bool IsExcluded(long generation, long metageneration) =>
        GenerationNotMatch == generation || MetagenerationNotMatch == metageneration;
}
