using Cake.Core;
using Cake.Core.Configuration;

namespace PrimeDeploy.Build.Settings;

/// <summary>
/// The settings as given, in Cake's own order: arguments win over <c>cake.config</c>, that over the environment, that over the default. Everything wrong
/// with them is collected in <see cref="Problems"/>, so that a user reads it all at once.
/// </summary>
internal sealed class SettingValues(ICakeArguments arguments, ICakeConfiguration configuration)
{
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The value, or null when the setting has no default and nobody gave one. An empty value counts as not given.</summary>
    public string? Text(Setting setting) => Given(setting).Value ?? setting.Default;

    public int Number(Setting setting, int from, int to)
    {
        var text = Text(setting)!;
        if (int.TryParse(text, out var number) && number >= from && number <= to)
            return number;
        Reject(setting);
        return from;
    }

    public string? OneOf(Setting setting, params string[] allowed)
    {
        var text = Text(setting);
        if (text is not null && !allowed.Contains(text, StringComparer.Ordinal))
            Reject(setting);
        return text;
    }

    /// <summary>Adds the problem that the value given for the setting is not allowed.</summary>
    public void Reject(Setting setting)
    {
        var (value, origin) = Given(setting);
        _problems.Add($"{setting.Argument}: '{value}' ({origin}) is not allowed. Allowed: {setting.Allowed}.");
    }

    private (string? Value, string Origin) Given(Setting setting)
    {
        if (arguments.GetArguments(setting.Name) is { Count: > 0 } given)
            return (given.Last(), "given as argument");
        return configuration.GetValue($"{Setting.Section}_{setting.Key}") is { Length: > 0 } configured
            ? (configured, $"from cake.config or {setting.Environment}")
            : (null, "default");
    }
}
