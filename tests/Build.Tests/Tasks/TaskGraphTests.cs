using System.Reflection;
using Cake.Frosting;
using PrimeDeploy.Build.Tasks;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Tests.Tasks;

/// <summary>The tasks say again, as the lab does, what the resources say of each other; this holds the one against the other.</summary>
public sealed class TaskGraphTests
{
    private static readonly IReadOnlyDictionary<string, Type> Tasks = typeof(StepTask).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<TaskNameAttribute>() is not null)
        .ToDictionary(type => type.GetCustomAttribute<TaskNameAttribute>()!.Name);

    [Fact]
    public void Every_step_has_a_task_of_its_name()
    {
        Assert.All(Enum.GetNames<Step>(), step => Assert.True(Tasks.ContainsKey(step) && Tasks[step].IsSubclassOf(typeof(StepTask)), step));
    }

    [Fact]
    public void A_task_depends_on_the_tasks_of_all_resources_that_its_own_need()
    {
        var service = PrimeService.Describe(new DeploymentOptions { Project = "some-project", Program = typeof(TaskGraphTests).Assembly.Location, StartupScripts = Scripts() });
        foreach (var resource in service.Resources)
            foreach (var needed in resource.DependsOn.Where(needed => needed.Step != resource.Step))
                Assert.True(
                    Reachable(Tasks[resource.Step.ToString()]).Contains(Tasks[needed.Step.ToString()]),
                    $"{resource} needs {needed}, but task {resource.Step} does not depend on task {needed.Step}.");
    }

    [Fact]
    public void Deploy_is_all_steps_and_their_verification()
    {
        var all = Reachable(Tasks["Deploy"]);
        Assert.All([.. Enum.GetNames<Step>(), "Verify", "Publish"], name => Assert.Contains(Tasks[name], all));
    }

    [Fact]
    public void Every_task_says_what_it_does()
    {
        Assert.All(Tasks.Values, task => Assert.EndsWith(".", task.GetCustomAttribute<TaskDescriptionAttribute>()?.Description));
    }

    private static HashSet<Type> Reachable(Type task)
    {
        var reached = new HashSet<Type>();
        void Visit(Type from)
        {
            foreach (var attribute in from.GetCustomAttributes<IsDependentOnAttribute>())
                if (reached.Add(attribute.Task))
                    Visit(attribute.Task);
        }

        Visit(task);
        return reached;
    }

    private static string Scripts() => Path.Combine(Checkout.Root, "scripts", "startup");
}
