using System.Globalization;
using System.Text.RegularExpressions;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What every resource of ours bears: whose it is, the hash of what it was made from, and when it may be collected. What bears no mark, or
/// another deployment's, is never changed or deleted.
/// </summary>
/// <remarks>
/// Instances and buckets bear it as labels. Other resources bear it as their description: some have no labels, and forwarding rules and
/// addresses take labels only in a second call after they are made, so that a crash between the two would leave them without a mark.
/// </remarks>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Spec">The first 16 hex digits of the hash of its fields.</param>
/// <param name="Expires">When it may be collected; null for never. To the second.</param>
internal sealed partial record OwnershipMark(string Deployment, string Spec, DateTimeOffset? Expires)
{
    /// <summary>What the names of our labels begin with.</summary>
    public const string Prefix = "primedeploy-";

    // A label's value takes lower-case letters, digits, dashes and underscores only: no colons.
    private const string LabelTime = "yyyyMMdd't'HHmmss'z'";
    private const string LineTime = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The line of a description.</summary>
    public override string ToString() =>
        $"primedeploy deployment={Deployment} spec={Spec}{(Expires is { } time ? $" expires={time.UtcDateTime.ToString(LineTime,
            CultureInfo.InvariantCulture)}" : "")}";

    public static OwnershipMark? Parse(string? description)
    {
        if (description is null || Line().Match(description) is not { Success: true } match) return null;
        return new(match.Groups["deployment"].Value, match.Groups["spec"].Value, Time(match.Groups["expires"].Value, LineTime));
    }

    public void WriteTo(IDictionary<string, string> labels)
    {
        labels[Prefix + "deployment"] = Deployment;
        labels[Prefix + "spec"] = Spec;
        labels.Remove(Prefix + "expires");
        if (Expires is { } time) labels[Prefix + "expires"] = time.UtcDateTime.ToString(LabelTime, CultureInfo.InvariantCulture);
    }

    public static OwnershipMark? Parse(IDictionary<string, string>? labels)
    {
        if (labels is null || !labels.TryGetValue(Prefix + "deployment", out var deployment)) return null;
        return new(deployment,
            labels.TryGetValue(Prefix + "spec", out var spec) ? spec : "",
            labels.TryGetValue(Prefix + "expires", out var expires) ? Time(expires, LabelTime) : null);
    }

    private static DateTimeOffset? Time(string text, string format) =>
        DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;

    [GeneratedRegex(@"\bprimedeploy deployment=(?<deployment>[-a-z0-9]+) spec=(?<spec>[0-9a-f]+)( expires=(?<expires>\S+))?",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Line();
}
