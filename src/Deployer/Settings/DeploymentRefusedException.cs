namespace PrimeDeploy.Deployer;

/// <summary>Nothing was made or changed, because of <see cref="Problems"/>; all that were found, not the first.</summary>
public sealed class DeploymentRefusedException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Refuses because of settings.</summary>
    public DeploymentRefusedException(IEnumerable<SettingProblem> problems) : this([.. problems.Select(problem => problem.ToString())]) { }

    /// <summary>What has to be put right, a line each; at least one.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
