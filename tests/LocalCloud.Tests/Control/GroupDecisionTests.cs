using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Control.Groups;
using PrimeDeploy.LocalCloud.Control.Health;
using PrimeDeploy.LocalCloud.Control.Instances;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Control;

public sealed class GroupDecisionTests
{
    private static readonly GroupVersion Old = new(Documents.Template("primecalc").Link, null);
    private static readonly GroupVersion New = new(Documents.Template("primecalc-2").Link, null);
    private static readonly DateTimeOffset Now = new(2025, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly HealingPolicy Healing = new(Documents.HealthCheck, TimeSpan.FromSeconds(60));

    [Fact]
    public void An_empty_group_adds_as_many_members_as_its_size()
    {
        var decision = Decide(Spec(3));

        Assert.Equal(3, decision.Added);
        Assert.Empty(decision.Steps);
    }

    [Fact]
    public void A_full_group_that_runs_is_left_alone()
    {
        var decision = Decide(Spec(2), Member("a"), Member("b"));

        Assert.Equal(0, decision.Added);
        Assert.Empty(decision.Steps);
        Assert.Null(decision.LookAgainAt);
    }

    [Fact]
    public void A_member_without_an_instance_gets_one_under_its_name()
    {
        Assert.Equal([(MemberAction.Create, "a", Old)], Steps(Decide(Spec(1), Missing("a"))));
    }

    [Fact]
    public void A_member_whose_creation_failed_is_tried_again_later()
    {
        var member = Missing("a") with { Failures = 1, RetryAt = Now.AddSeconds(2) };

        var decision = Decide(Spec(1), member);
        Assert.Empty(decision.Steps);
        Assert.Equal(Now.AddSeconds(2), decision.LookAgainAt);

        Assert.Equal([(MemberAction.Create, "a", Old)], Steps(Decide(Spec(1), member with { RetryAt = Now })));
    }

    [Fact]
    public void A_member_that_does_not_run_any_more_is_made_again()
    {
        Assert.Equal([(MemberAction.Recreate, "a", Old)], Steps(Decide(Spec(1), Member("a", "TERMINATED"))));
    }

    [Fact]
    public void An_instance_that_somebody_deletes_is_awaited_and_then_made_again()
    {
        Assert.Empty(Decide(Spec(1), Member("a", "STOPPING", deleting: true)).Steps);
        Assert.Equal([(MemberAction.Create, "a", Old)], Steps(Decide(Spec(1), Missing("a") with { Made = true })));
    }

    [Fact]
    public void Shrinking_takes_members_that_do_not_run_first()
    {
        var decision = Decide(Spec(1), Member("a"), Member("b", "PROVISIONING"), Missing("c"));

        Assert.Equal([(MemberAction.Forget, "c"), (MemberAction.Remove, "b")], decision.Steps.Select(s => (s.Action, s.Member.Name)).Order().Reverse());
    }

    [Fact]
    public void A_removed_member_is_forgotten_once_its_instance_is_gone()
    {
        Assert.Empty(Decide(Spec(0), Member("a", "STOPPING", deleting: true) with { Removing = true }).Steps);
        Assert.Equal([(MemberAction.Forget, "a", Old)], Steps(Decide(Spec(0), Missing("a") with { Removing = true })));
    }

    [Fact]
    public void A_group_that_is_deleted_removes_every_member_and_adds_none()
    {
        var decision = Decide(Spec(3) with { Deleting = true }, Member("a"), Missing("b"));

        Assert.Equal(0, decision.Added);
        Assert.Equal([(MemberAction.Remove, "a", Old), (MemberAction.Forget, "b", Old)], Steps(decision));
    }

    [Fact]
    public void Without_a_health_check_of_its_own_a_group_does_not_mind_unhealthy_machines()
    {
        Assert.Empty(Decide(Spec(1), Member("a", health: Sick)).Steps);
    }

    [Fact]
    public void Autohealing_waits_for_the_initial_delay_and_then_recreates()
    {
        var spec = Spec(1) with { Healing = Healing };

        var early = Decide(spec, Now.AddSeconds(-59), Member("a", health: Sick));
        Assert.Empty(early.Steps);
        Assert.Equal(Now.AddSeconds(1), early.LookAgainAt);

        Assert.Equal([(MemberAction.Recreate, "a", Old)], Steps(Decide(spec, Now.AddSeconds(-60), Member("a", health: Sick))));
    }

    [Fact]
    public void Autohealing_leaves_alone_what_was_not_probed_enough()
    {
        Assert.Empty(Decide(Spec(1) with { Healing = Healing }, Now.AddHours(-1), Member("a", health: HealthState.Initial)).Steps);
    }

    [Fact]
    public void A_repair_keeps_the_version_unless_the_policy_says_otherwise()
    {
        var dead = Member("a", "TERMINATED");
        var spec = Spec(1) with { Version = New };

        Assert.Equal([(MemberAction.Recreate, "a", Old)], Steps(Decide(spec, dead)));
        Assert.Equal([(MemberAction.Recreate, "a", New)], Steps(Decide(spec with { UpdateOnRepair = true }, dead)));
        Assert.Equal([(MemberAction.Recreate, "a", New)], Steps(Decide(spec, Member("a") with { Renewing = true })));
    }

    [Fact]
    public void An_opportunistic_group_leaves_running_members_of_an_old_version_alone()
    {
        Assert.Empty(Decide(Spec(1) with { Version = New }, Member("a")).Steps);
    }

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(1, 1, false)]
    [InlineData(3, 0, false)]
    [InlineData(0, 3, false)]
    [InlineData(0, 1, true)]
    [InlineData(0, 2, true)]
    public void A_proactive_update_ends_with_every_member_new_and_never_breaks_its_bounds(int surge, int unavailable, bool keepNames)
    {
        var spec = Spec(3) with { Version = New, Proactive = true, MaxSurge = surge, MaxUnavailable = unavailable, KeepNames = keepNames };
        List<GroupMember> members = [Member("a"), Member("b"), Member("c")];
        var made = 0;

        for (var round = 0; round < 100; round++)
        {
            var decision = Decide(spec, [.. members]);
            if (decision.Added == 0 && decision.Steps.Count == 0)
                break;
            foreach (var step in decision.Steps)
            {
                var at = members.FindIndex(m => m.Name == step.Member.Name);
                if (step.Action is MemberAction.Remove or MemberAction.Forget)
                    members.RemoveAt(at);
                else if (step.Action == MemberAction.Recreate)
                    members[at] = Missing(step.Member.Name) with { Version = step.Version };
                else
                    members[at] = Member(step.Member.Name) with { Version = step.Version };
            }

            Assert.InRange(members.Count(m => m.IsAvailable(spec)), 3 - unavailable, 3 + surge);
            for (var i = 0; i < decision.Added; i++)
                members.Add(Missing($"new-{made++}") with { Version = spec.Version });
            Assert.InRange(members.Count, 0, 3 + surge);
        }

        Assert.Equal(3, members.Count);
        Assert.All(members, m => Assert.Equal(New, m.Version));
        Assert.Equal(keepNames ? ["a", "b", "c"] : ["new-0", "new-1", "new-2"], members.Select(m => m.Name).Order());
    }

    [Fact]
    public void A_surge_waits_for_its_new_machine_before_it_takes_an_old_one()
    {
        var spec = Spec(2) with { Version = New, Proactive = true, MaxSurge = 1, MaxUnavailable = 0 };

        var first = Decide(spec, Member("a"), Member("b"));
        Assert.Equal((1, 0), (first.Added, first.Steps.Count));

        var booting = Decide(spec, Member("a"), Member("b"), Member("new", "STAGING") with { Version = New });
        Assert.Equal((0, 0), (booting.Added, booting.Steps.Count));

        var ready = Decide(spec, Member("a"), Member("b"), Member("new") with { Version = New });
        Assert.Equal([(MemberAction.Remove, "a", Old)], Steps(ready));
    }

    [Fact]
    public void The_status_counts_actions_and_is_stable_only_when_nothing_is_to_be_done()
    {
        var document = new JsonObject();

        GroupStatus.Write(document, Spec(3), [Member("a"), Missing("b"), Missing("c") with { Made = true }]);
        Assert.Equal("1 1 1", $"{document["currentActions"]!["none"]} {document["currentActions"]!["creating"]} {document["currentActions"]!["recreating"]}");
        Assert.False((bool)document["status"]!["isStable"]!);
        Assert.True((bool)document["status"]!["versionTarget"]!["isReached"]!);

        GroupStatus.Write(document, Spec(1), [Member("a")]);
        Assert.True((bool)document["status"]!["isStable"]!);

        GroupStatus.Write(document, Spec(1) with { Version = New, Proactive = true }, [Member("a")]);
        Assert.False((bool)document["status"]!["isStable"]!);
        Assert.False((bool)document["status"]!["versionTarget"]!["isReached"]!);
    }

    [Fact]
    public void A_machine_that_was_never_healthy_is_being_verified()
    {
        var spec = Spec(1) with { Healing = Healing };

        Assert.Equal("VERIFYING", Member("a", health: HealthState.Initial).CurrentAction(spec));
        Assert.Equal("NONE", Member("a", health: HealthState.Assumed).CurrentAction(spec));
    }

    [Fact]
    public void A_member_survives_being_written_to_the_document_and_read_again()
    {
        var store = new DocumentStore().WithGroup(1);
        var member = new GroupMember("backend-x1y2", New with { Name = "0/today" }, Made: true, Removing: true, Renewing: true, Failures: 2, RetryAt: Now);
        store.Update(Documents.Group, g => Local.Set(g, Local.Members, new JsonObject { [member.Name] = member.ToJson() }));

        var snapshot = ComputeSnapshot.Of(store);

        Assert.Equal([member], GroupMember.AllOf(snapshot.Groups[0], snapshot, new HealthStates()));
    }

    [Theory]
    [InlineData("""{"fixed":2}""", 10, 2)]
    [InlineData("""{"percent":25}""", 10, 3)]
    public void Surge_is_a_number_or_a_rounded_up_percentage(string surge, int size, int expected)
    {
        var spec = GroupSpec.Of(Documents.Parse($$"""{"targetSize":{{size}},"updatePolicy":{"maxSurge":{{surge}} } }"""));

        Assert.Equal(expected, spec.MaxSurge);
        Assert.Equal(1, spec.MaxUnavailable);
    }

    private static HealthState Sick { get; } = HealthState.Initial.After(ProbeResult.Failure, 1, 1);

    private static GroupSpec Spec(int size) =>
        new(size, "backend", Old, MaxSurge: 1, MaxUnavailable: 1, KeepNames: false, Proactive: false, UpdateOnRepair: false, Healing: null, Deleting: false);

    private static GroupMember Missing(string name) => new(name, Old);

    private static GroupMember Member(string name, string status = "RUNNING", bool deleting = false, HealthState? health = null)
    {
        var json = new JsonObject { ["status"] = status };
        Local.Set(json, Local.Deleting, deleting ? true : null);
        return new(name, Old, Made: true, Instance: InstanceView.Of(Documents.Instance(name), json), Health: health);
    }

    private static GroupDecision Decide(GroupSpec spec, params GroupMember[] members) => Decide(spec, Now.AddHours(-1), members);

    private static GroupDecision Decide(GroupSpec spec, DateTimeOffset since, params GroupMember[] members) => GroupDecision.Decide(spec, members, _ => since, Now);

    private static (MemberAction, string, GroupVersion)[] Steps(GroupDecision decision) => [.. decision.Steps.Select(s => (s.Action, s.Member.Name, s.Version))];
}
