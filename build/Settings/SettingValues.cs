using System.Globalization;
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

    /// <summary>A whole number of the range; null when the setting has no default and nobody gave one.</summary>
    public int? Number(Setting setting, int from, int to)
    {
        if (Text(setting) is not { } text)
            return null;
        if (int.TryParse(text, out var number) && number >= from && number <= to)
            return number;
        Reject(setting);
        return from;
    }

    /// <summary>On when it is given without a value, or as true; off when it is not given, or as false.</summary>
    public bool Flag(Setting setting)
    {
        // An argument without a value comes from Cake as an argument whose value is null.
        if (arguments.GetArguments(setting.Name) is { Count: > 0 } given && string.IsNullOrEmpty(given.Last()))
            return true;
        if (bool.TryParse(Text(setting) ?? "false", out var on))
            return on;
        Reject(setting);
        return false;
    }

    /// <summary>A number with its unit, 90s, 30m, 8h or 7d; null when the setting has no default and nobody gave one.</summary>
    public TimeSpan? Duration(Setting setting)
    {
        if (Text(setting) is not { } text)
            return null;
        TimeSpan? unit = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => null,
        };
        if (unit is { } one && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1_000_000)
            return number * one;
        Reject(setting);
        return null;
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
