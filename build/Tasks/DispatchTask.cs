using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using PrimeDeploy.Build.Reporting;
using PrimeDeploy.Build.Settings;
using PrimeDeploy.Reporting.GitHub;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Dispatch")]
[TaskDescription("Starts the workflow deploy on GitHub with these settings, follows its run and shows how it ended. --action says what it does.")]
public sealed class DispatchTask : AsyncFrostingTask<BuildContext>
{
    private static readonly Setting[] Inputs = [Setting.Action, Setting.Cloud, Setting.DeploymentName, Setting.Zone, Setting.Size, Setting.MachineType, Setting.Ttl];

    /// <summary>What the workflow is given.</summary>
    internal static IEnumerable<string> InputNames => Inputs.Select(setting => setting.Name);

    public override async Task RunAsync(BuildContext context)
    {
        var values = new SettingValues(context.Arguments, context.Configuration);
        try
        {
            var result = await new WorkflowDispatch(GitHubOfCheckout.Find(context)).RunAsync(
                "deploy.yml",
                values.Text(Setting.Ref)!,
                Inputs.ToDictionary(setting => setting.Name, setting => values.Text(setting) ?? ""),
                line => context.Information("{0}", line),
                context.Cancellation);
            if (!result.Succeeded)
                throw new CakeException($"The run ended with {result.Conclusion}: {result.Page}");
            context.Information("{0}", $"The run succeeded: {result.Page}");
        }
        catch (OperationCanceledException e)
        {
            throw new CakeException("Stopped following. The run on GitHub goes on.", e);
        }
        catch (WorkflowDispatchException e)
        {
            throw new CakeException(e.Message, e);
        }
    }
}
