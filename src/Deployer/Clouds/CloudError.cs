namespace PrimeDeploy.Deployer;

/// <summary>What went wrong between us and the cloud, for people.</summary>
/// <param name="Call">What was being done: "create firewall rule http".</param>
/// <param name="Code">Google's code where it gave one: <c>PermissionDenied</c>, <c>QUOTA_EXCEEDED</c>.</param>
/// <param name="Message">Google's message, unchanged.</param>
/// <param name="Advice">What to do; null when nothing better than the message is known.</param>
public sealed record CloudError(string Call, string Code, string Message, string? Advice)
{
    /// <summary>The sentence to print.</summary>
    public override string ToString() => $"{Call}: {Code}: {Message}{(Advice is null ? "" : " " + Advice)}";
}
