using System.Text.RegularExpressions;
using Cake.Core;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build;

/// <summary>Exceptions that mean something to the user become Cake's way to say so, without a stack trace, and with their exit code where they have one.</summary>
internal static partial class Explanation
{
    public static async Task ExplainAsync(BuildContext context, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException cancelled)
        {
            throw new CakeException("Stopped. The next run goes on from what is there.", cancelled);
        }
        catch (DeploymentRefusedException refused)
        {
            throw new CakeException($"Nothing was changed:\n  {string.Join("\n  ", refused.Problems.Select(AsArgument))}", refused);
        }
        catch (LeaseHeldException held)
        {
            context.Exit.Set(ExitStatus.LeaseHeld);
            throw new CakeException(held.Message, held);
        }
        catch (CloudException unreachable)
        {
            throw new CakeException(unreachable.Message, unreachable);
        }
    }

    /// <summary>A problem with a setting begins with its name; users know it with dashes.</summary>
    private static string AsArgument(string problem) => Setting().IsMatch(problem) ? "--" + problem : problem;

    [GeneratedRegex("^[a-z-]+: ", RegexOptions.None, 1000)]
    private static partial Regex Setting();
}
