namespace PrimeDeploy.Deployer;

/// <summary>
/// What every kind of resource has to say of itself, in terms of Google's message for it. The rest (what to do about a difference, the
/// ownership mark, retries, waiting for operations) is the same for all kinds.
/// </summary>
internal abstract class Resource<T>(ResourceKind kind, string name, Step step) : Resource(kind, name, step) where T : class
{
    /// <summary>
    /// Whether it bears a mark. What is shared with others does not, is only ever changed towards what is needed, and never deleted.
    /// </summary>
    protected virtual bool Owned => true;

    /// <summary>Reads it; null when it is not there.</summary>
    protected abstract Task<T?> ReadAsync(CloudApi api, Observed seen, CancellationToken cancellationToken);

    /// <summary>What is wanted. Takes from <paramref name="actual"/> only what an update has to repeat, such as a fingerprint.</summary>
    protected abstract T Desired(T? actual, Observed seen);

    /// <summary>Names the fields that we set; called for what is wanted and for what is there.</summary>
    protected abstract void Describe(T message, FieldList fields);

    protected abstract OwnershipMark? MarkOf(T message);

    protected abstract void SetMark(T message, OwnershipMark mark);

    /// <summary>Whether the API can change the field in place.</summary>
    protected virtual bool CanUpdate(string field) => false;

    /// <summary>Whether the API can write the ownership mark later too. Where it cannot, what is taken over is replaced.</summary>
    protected virtual bool CanMark => true;

    /// <summary>The labels, where the mark is in labels: what someone changed of them is put right.</summary>
    protected virtual IDictionary<string, string>? LabelsOf(T message) => null;

    protected abstract Task InsertAsync(CloudApi api, T desired, CancellationToken cancellationToken);

    /// <summary>Changes the fields that differ; only called with differences that <see cref="CanUpdate"/>.</summary>
    protected virtual Task PatchAsync(CloudApi api, T actual, T desired, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{this} cannot be changed in place.");

    /// <summary>What has to be so although it is no part of the specification: a machine runs. Only called for what is there.</summary>
    protected virtual IEnumerable<FieldDifference> CompareState(T actual) => [];

    /// <summary>Why what is there must be left alone although it is ours; null when it may be changed.</summary>
    protected virtual string? WhyNotAllowed(T actual, Observed seen) => null;

    /// <summary>Why it cannot be made when it is not there; null when it can.</summary>
    protected virtual string? Missing(Observed seen) => null;

    /// <summary>Whether the server fills something in that others need, so that it has to be read once more after it was made or changed.</summary>
    protected virtual bool ReadAfterChange => false;

    protected virtual Task<T> SettleAsync(
        CloudApi api, T actual, Observed seen, Action<string> waiting, CancellationToken cancellationToken) => Task.FromResult(actual);

    protected virtual string? Detail(T actual) => null;

    internal sealed override async Task<object?> FindAsync(CloudApi api, Observed seen, CancellationToken cancellationToken) =>
        await ReadAsync(api, seen, cancellationToken);

    internal sealed override Assessment Assess(object? found, Observed seen)
    {
        var actual = (T?)found;
        var desired = Desired(actual, seen);
        var wanted = Fields(desired);
        var mark = actual is null ? null : MarkOf(actual);
        if (Owned) SetMark(desired, seen.Mark(wanted.Hash, mark));

        if (actual is null) return new(PlanAction.Create, [], "not there", null, desired, Missing(seen));
        if (WhyNotAllowed(actual, seen) is { } conflict) return new(PlanAction.None, [], null, actual, desired, conflict);

        var isTakenOver = Owned && mark?.Deployment != seen.Deployment.Name;
        if (isTakenOver && !seen.Adopt) return new(PlanAction.None, [], null, actual, desired, WhyNotOurs(mark));

        var differences = FieldList.Compare(Fields(actual), wanted);
        var isAsSpecified = !Owned || mark?.Spec == wanted.Hash || differences.Count == 0;
        differences = [.. differences, .. CompareState(actual), .. Labels(actual, desired)];
        if (isTakenOver && LabelsOf(actual) is null) differences = [new(MarkField, mark?.Deployment, seen.Deployment.Name), .. differences];
        if (differences.Count == 0) return new(PlanAction.None, [], null, actual, desired);

        var fixedFields = differences.Where(difference => !CanChange(difference.Field)).Select(difference => difference.Field).ToList();
        var reason = isTakenOver ? "is taken over" : !Owned ? "has to be so for the deployment" : isAsSpecified ? "was changed by someone else" : "the specification changed";
        return fixedFields.Count == 0
            ? new(PlanAction.Update, differences, reason, actual, desired)
            : new(PlanAction.Replace, differences, $"{reason}; {string.Join(", ", fixedFields)} cannot be changed in place", actual, desired);
    }

    /// <summary>The pseudo field of a mark that is in the description.</summary>
    private const string MarkField = "owner";

    private const string LabelField = "labels.";

    private bool CanChange(string field) =>
        field == MarkField ? CanMark : field.StartsWith(LabelField, StringComparison.Ordinal) || CanUpdate(field);

    private IEnumerable<FieldDifference> Labels(T actual, T desired)
    {
        if (LabelsOf(desired) is not { } wanted) yield break;
        var there = LabelsOf(actual);
        var ours = wanted.Keys.Concat(there?.Keys ?? []).Where(label => label.StartsWith(OwnershipMark.Prefix, StringComparison.Ordinal));
        foreach (var label in ours.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            if ((there?.TryGetValue(label, out var found) is true ? found : null) is var before
                && (wanted.TryGetValue(label, out var value) ? value : null) is var after && before != after)
                yield return new(LabelField + label, before, after);
    }

    internal sealed override async Task<object> CreateAsync(
        CloudApi api, Observed seen, Assessment assessment, CancellationToken cancellationToken)
    {
        var desired = (T)assessment.Desired;
        try
        {
            await InsertAsync(api, desired, cancellationToken);
        }
        // The answer to an earlier try may have been lost: what is there then bears our mark and is made of the same fields.
        catch (Exception exception) when (CloudErrors.IsAlreadyThere(exception))
        {
            var there = await ReadNewAsync(api, seen, cancellationToken);
            if (there is null || !IsSame(MarkOf(there), MarkOf(desired))) throw;
            return there;
        }
        return await ChangedAsync(api, seen, desired, cancellationToken);
    }

    /// <summary>What is there after a change, with what the cloud has filled in if others need that.</summary>
    private async Task<T> ChangedAsync(CloudApi api, Observed seen, T desired, CancellationToken cancellationToken) =>
        !ReadAfterChange ? desired : await ReadNewAsync(api, seen, cancellationToken)
            ?? throw new CloudException(CloudErrors.Of($"read {this}", "notFound", "It was made or changed a moment ago and is not there any more."));

    /// <summary>Reads what may have been made a moment ago: the cloud does not always know of it at once.</summary>
    private async Task<T?> ReadNewAsync(CloudApi api, Observed seen, CancellationToken cancellationToken)
    {
        const int Tries = 5;
        for (var attempt = 1; ; attempt++)
        {
            if (await ReadAsync(api, seen, cancellationToken) is { } there) return there;
            if (attempt == Tries) return null;
            await Task.Delay(TimeSpan.FromMilliseconds(125 << attempt), api.Time, cancellationToken);
        }
    }

    internal sealed override async Task<object> UpdateAsync(
        CloudApi api, Observed seen, Assessment assessment, CancellationToken cancellationToken)
    {
        const int Tries = 3;
        for (var attempt = 1; ; attempt++)
        {
            var desired = (T)assessment.Desired;
            try
            {
                await PatchAsync(api, (T)assessment.Actual!, desired, cancellationToken);
                return await ChangedAsync(api, seen, desired, cancellationToken);
            }
            // Someone changed it between our read and our write: read again what they left, and change that.
            catch (Exception exception) when (CloudErrors.IsOutdated(exception) && attempt < Tries)
            {
                assessment = Assess(await ReadAsync(api, seen, cancellationToken), seen);
                if (assessment is not { Actual: not null, Conflict: null }) throw;
            }
        }
    }

    internal sealed override async Task<object> SettleAsync(
        CloudApi api, object actual, Observed seen, Action<string> waiting, CancellationToken cancellationToken) =>
        await SettleAsync(api, (T)actual, seen, waiting, cancellationToken);

    internal sealed override string? DetailOf(object actual) => Detail((T)actual);

    internal sealed override string NameIn(object message) => NameOf((T)message);

    protected virtual string NameOf(T message) => Name;

    private static string WhyNotOurs(OwnershipMark? mark) => mark is null
        ? "is there already and bears no mark of a deployment: it was made by someone else and is not touched. "
            + "Delete it or rename it, deploy under another name (--name), or take it over (--adopt)."
        : $"is there already and belongs to the deployment {mark.Deployment}: it is not touched. "
            + "Tear that deployment down, deploy under another name (--name), or take it over (--adopt).";

    private static bool IsSame(OwnershipMark? one, OwnershipMark? other) => (one?.Deployment, one?.Spec) == (other?.Deployment, other?.Spec);

    protected FieldList Fields(T message)
    {
        var fields = new FieldList();
        Describe(message, fields);
        return fields;
    }
}
