using Cake.Common.Build.GitHubActions;
using Cake.Common.Build.GitHubActions.Data;

namespace PrimeDeploy.Build.Reporting.Hosts;

internal sealed class GitHubActionsHost(IGitHubActionsProvider actions) : ICiHost
{
    public void StartGroup(string name) => actions.Commands.StartGroup(name);

    public void EndGroup() => actions.Commands.EndGroup();

    public void Error(string message, string? file) => actions.Commands.Error(message, file is null ? null : new GitHubActionsAnnotation { File = file });

    public void Warning(string message) => actions.Commands.Warning(message, null);

    public void Mask(string secret)
    {
        foreach (var line in secret.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            actions.Commands.SetSecret(line);
    }

    /// <summary>GitHub Actions has no progress.</summary>
    public void Progress(int percent, string doing)
    {
    }

    public void Output(string name, string value)
    {
        if (actions.Environment.Runtime.OutputPath is not null)
            actions.Commands.SetOutputParameter(name, value);
    }

    public void Summary(string markdown, string file)
    {
        if (actions.Environment.Runtime.StepSummary is not null)
            actions.Commands.SetStepSummary(markdown);
    }
}
