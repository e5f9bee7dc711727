namespace PrimeDeploy.Deployer;

internal static class Owners
{
    /// <summary>A label's value has at most 63 characters (https://cloud.google.com/compute/docs/labeling-resources#restrictions).</summary>
    private const int Longest = 63;

    /// <summary>Who runs this, as far as the environment says.</summary>
    public static string Default => ToLabel(
        Environment.GetEnvironmentVariable("GITHUB_ACTOR") ?? Environment.GetEnvironmentVariable("BUILD_REQUESTEDFOR") ?? Environment.UserName);

    /// <summary>A name as a label takes it: everything else becomes a dash.</summary>
    public static string ToLabel(string name)
    {
        var letters = name.ToLowerInvariant().Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '_' ? letter : '-');
        var label = string.Concat(letters).Trim('-');
        return label.Length == 0 ? "unknown" : label[..Math.Min(label.Length, Longest)];
    }
}
