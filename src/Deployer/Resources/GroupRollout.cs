using System.Globalization;
using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>
/// Follows a group until all of its machines are healthy and of the wanted version. The group itself goes on for ever with machines that
/// never become healthy; here that has an end, with the serial output of one of them and the group back at the version before.
/// </summary>
internal sealed class GroupRollout(ManagedInstanceGroup group, CloudApi api, Observed seen, Action<string> waiting)
{
    /// <summary>A group with machines that all run needs a few seconds to say so.</summary>
    private static readonly TimeSpan ReturnLimit = TimeSpan.FromMinutes(10);

    /// <summary>How long the group is left alone before its machines and errors are looked at, and how often from then on.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(5);

    private string _said = "";

    /// <exception cref="CloudException">The machines did not become healthy within the deadline.</exception>
    public async Task<InstanceGroupManager> FollowAsync(InstanceGroupManager actual, CancellationToken cancellationToken)
    {
        var deadline = seen.Options.HealthyDeadline;
        var poll = new Poll(api.Time, deadline);
        int? healthy = null;
        Look? look = null;
        var began = api.Time.GetUtcNow();
        var lookAt = began + FirstLook;
        while (!IsSettled(actual))
        {
            actual = await ReadAsync(cancellationToken);
            if (IsSettled(actual)) break;
            // A machine more that serves, or an old one that left, is progress: the next one has its own time.
            if (healthy != actual.CurrentActions?.None) poll = new Poll(api.Time, deadline);
            healthy = actual.CurrentActions?.None;

            if (poll.IsOver || api.Time.GetUtcNow() >= lookAt)
            {
                lookAt = api.Time.GetUtcNow() + NextLook;
                look = await LookAsync(actual, began, cancellationToken);
            }
            if (WhyGiveUp(look, poll) is { } why) throw await GiveUpAsync(actual, look!, why, cancellationToken);
            Say($"{Count(actual, look)}{look?.LastError}");
            await poll.NextAsync(cancellationToken);
        }
        return actual;
    }

    /// <summary>Why waiting longer is in vain; null as long as it is not.</summary>
    private CloudError? WhyGiveUp(Look? look, Poll poll) =>
        look?.Shortage is { } shortage ? CloudErrors.Of($"wait for {group}", shortage.Code, shortage.Message)
        : SerialPort.TellsOfFailure(look?.Serial) ? CloudErrors.Of($"wait for {group}", "NotHealthy", "The startup script of a new machine failed.")
        : poll.IsOver ? CloudErrors.Of($"wait for {group}", "NotHealthy",
            $"No further machine became healthy within {seen.Options.HealthyDeadline.TotalSeconds:0} s.")
        : null;

    private async Task<CloudException> GiveUpAsync(InstanceGroupManager actual, Look look, CloudError why, CancellationToken cancellationToken)
    {
        var now = $"{Count(actual, look)}{(look.Shortage is null ? look.LastError : "")}.";
        var back = await RollBackAsync(actual, look, cancellationToken);
        return new CloudException(why with { Message = $"{why.Message} {now} {back}\n{look.Serial}".TrimEnd() });
    }

    private string Count(InstanceGroupManager actual, Look? look) =>
        $"{actual.CurrentActions?.None ?? 0} of {group.Size} machines are healthy{(look?.Before is null ? "" : $", {look.Renewed} of them new")}";

    private async Task<string> RollBackAsync(InstanceGroupManager actual, Look look, CancellationToken cancellationToken)
    {
        if (look.Before is not { } before) return "There is no version before to go back to: the machines are left as they are.";

        Say($"rolling back to {Link.Name(before)}");
        await group.RollToAsync(api, before, cancellationToken);
        var poll = new Poll(api.Time, ReturnLimit);
        while (!IsSettled(await ReadAsync(cancellationToken)))
        {
            if (poll.IsOver) return $"It is on its way back to {Link.Name(before)}.";
            await poll.NextAsync(cancellationToken);
        }
        return $"It was rolled back to {Link.Name(before)}.";
    }

    /// <summary>Looks at the machines one by one, and at why some could not be made.</summary>
    /// <param name="actual">The group.</param>
    /// <param name="since">What was short for an earlier run may not be any more.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<Look> LookAsync(InstanceGroupManager actual, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var listing = ErrorsAsync(cancellationToken);
        var machines = (await MachinesAsync(cancellationToken)).ToLookup(machine => IsSame(machine.Version?.InstanceTemplate, actual.InstanceTemplate));
        var errors = await listing;
        var late = machines[true].FirstOrDefault(machine => machine is { InstanceStatus: "RUNNING", CurrentAction: not ("NONE" or "DELETING") });
        return new(
            machines[true].Count(machine => machine.CurrentAction == "NONE"),
            machines[false].Select(machine => machine.Version?.InstanceTemplate).FirstOrDefault(template => !string.IsNullOrEmpty(template)),
            late is null ? null : await SerialPort.EndAsync(api, Link.Name(late.Instance), cancellationToken),
            errors is [.., { Error: { } last }] ? $"; the last error: {last.Code}: {last.Message}" : "",
            errors.FirstOrDefault(found => CloudErrors.IsShortage(found.Error?.Code)
                && DateTimeOffset.TryParse(found.Timestamp, CultureInfo.InvariantCulture, out var at) && at >= since)?.Error);
    }

    /// <summary>A machine that cannot be made is tried again for ever: the only sign is in the group's list of errors.</summary>
    private Task<IReadOnlyList<InstanceManagedByIgmError>> ErrorsAsync(CancellationToken cancellationToken) => api.ListAsync(
        $"list errors of {group}", call => api.Cloud.InstanceGroupManagers.ListErrorsAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = group.Name }, call), cancellationToken);

    private Task<IReadOnlyList<ManagedInstance>> MachinesAsync(CancellationToken cancellationToken) => api.ListAsync(
        $"list machines of {group}", call => api.Cloud.InstanceGroupManagers.ListManagedInstancesAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = group.Name }, call), cancellationToken);

    private Task<InstanceGroupManager> ReadAsync(CancellationToken cancellationToken) => api.ReadAsync(
        $"read {group}", call => api.Cloud.InstanceGroupManagers.GetAsync(
            new() { Project = api.Project, Zone = api.Zone, InstanceGroupManager = group.Name }, call), cancellationToken, CallKind.ReadNew);

    /// <summary>A group that was just made, or just changed, says nothing of its actions yet.</summary>
    private bool IsSettled(InstanceGroupManager actual) =>
        actual.Status is { IsStable: true } && (actual.CurrentActions?.None ?? 0) == group.Size
            && actual.Status.VersionTarget is not { IsReached: false };

    private static bool IsSame(string? one, string? other) =>
        one is not null && other is not null && Link.WithoutBase(one) == Link.WithoutBase(other);

    private void Say(string now)
    {
        if (now != _said) waiting(_said = now);
    }

    /// <param name="Renewed">How many machines are healthy and of the wanted version.</param>
    /// <param name="Before">The template that the other machines still have; null when there are no others.</param>
    /// <param name="Serial">The end of the serial output of a new machine that is not healthy; null when there is none, or it does not run yet.</param>
    /// <param name="LastError">The group's last error, worded as the end of a sentence; empty without one.</param>
    /// <param name="Shortage">Why no machine can be had.</param>
    private sealed record Look(int Renewed, string? Before, string? Serial, string LastError, InstanceManagedByIgmErrorManagedInstanceError? Shortage);
}
