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

    /// <summary>How long the group is left alone before its list of errors is looked at, and how often from then on.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(5);

    private string _said = "";

    /// <exception cref="CloudException">The machines did not become healthy within the deadline.</exception>
    public async Task<InstanceGroupManager> FollowAsync(InstanceGroupManager actual, CancellationToken cancellationToken)
    {
        var deadline = seen.Options.HealthyDeadline;
        var poll = new Poll(api.Time, deadline);
        int? healthy = null;
        var began = api.Time.GetUtcNow();
        var lookAt = began + FirstLook;
        while (!IsSettled(actual))
        {
            actual = await ReadAsync(cancellationToken);
            if (IsSettled(actual)) break;
            // A machine more that serves, or an old one that left, is progress: the next one has its own time.
            if (healthy != actual.CurrentActions?.None) poll = new Poll(api.Time, deadline);
            healthy = actual.CurrentActions?.None;

            if (api.Time.GetUtcNow() >= lookAt)
            {
                lookAt = api.Time.GetUtcNow() + NextLook;
                if (await ShortageAsync(began, cancellationToken) is { } shortage)
                    throw new CloudException(CloudErrors.Of($"wait for {group}", shortage.Code,
                        $"{shortage.Message} {healthy ?? 0} of {group.Size} machines are healthy. {await RollBackAsync(actual, cancellationToken)}"));
            }

            var late = poll.IsLong || poll.IsOver ? await LateMachineAsync(actual, cancellationToken) : null;
            if (poll.IsOver || late is { GaveUp: true }) throw await GiveUpAsync(actual, late, cancellationToken);
            Say($"{healthy ?? 0} of {group.Size} machines are healthy{late?.Error}");
            await poll.NextAsync(cancellationToken);
        }
        return actual;
    }

    private async Task<CloudException> GiveUpAsync(InstanceGroupManager actual, LateMachine? late, CancellationToken cancellationToken)
    {
        var why = late is { GaveUp: true } ? "The startup script of a new machine failed."
            : $"No further machine became healthy within {seen.Options.HealthyDeadline.TotalSeconds:0} s.";
        var now = $"{actual.CurrentActions?.None ?? 0} of {group.Size} machines are healthy{late?.Error}.";
        var back = await RollBackAsync(actual, cancellationToken);
        return new CloudException(CloudErrors.Of($"wait for {group}", "NotHealthy", $"{why} {now} {back}\n{late?.Serial}".TrimEnd()));
    }

    /// <summary>To the template that the machines still have that are not of the new one.</summary>
    private async Task<string> RollBackAsync(InstanceGroupManager actual, CancellationToken cancellationToken)
    {
        var before = (await MachinesAsync(cancellationToken)).Select(machine => machine.Version?.InstanceTemplate)
            .FirstOrDefault(template => !string.IsNullOrEmpty(template) && !IsSame(template, actual.InstanceTemplate));
        if (before is null) return "There is no version before to go back to: the machines are left as they are.";

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

    /// <summary>A machine of the wanted version that is not healthy, with its last words.</summary>
    private async Task<LateMachine> LateMachineAsync(InstanceGroupManager actual, CancellationToken cancellationToken)
    {
        var machines = await MachinesAsync(cancellationToken);
        var late = machines.FirstOrDefault(machine =>
            machine.CurrentAction != "NONE" && machine.CurrentAction != "DELETING" && IsSame(machine.Version?.InstanceTemplate, actual.InstanceTemplate));
        var serial = late is { InstanceStatus: "RUNNING" } ? await SerialPort.EndAsync(api, Link.Name(late.Instance), cancellationToken) : null;
        return new(serial, SerialPort.TellsOfFailure(serial), await LastErrorAsync(cancellationToken));
    }

    private async Task<string> LastErrorAsync(CancellationToken cancellationToken) =>
        await ErrorsAsync(cancellationToken) is [.., { Error: { } last }] ? $"; the last error: {last.Code}: {last.Message}" : "";

    /// <summary>Why no machine can be had, when that was tried since this run waits: what was short for an earlier run may not be any more.</summary>
    private async Task<InstanceManagedByIgmErrorManagedInstanceError?> ShortageAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        (await ErrorsAsync(cancellationToken)).FirstOrDefault(found => CloudErrors.IsShortage(found.Error?.Code)
            && DateTimeOffset.TryParse(found.Timestamp, CultureInfo.InvariantCulture, out var at) && at >= since)?.Error;

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

    /// <param name="Serial">The end of its serial output; null while it has none.</param>
    /// <param name="GaveUp">Its startup script said that it failed: waiting longer is in vain.</param>
    /// <param name="Error">The group's last error, worded as the end of a sentence; empty without one.</param>
    private sealed record LateMachine(string? Serial, bool GaveUp, string Error);
}
