using System.Globalization;
using System.Net;

namespace PrimeDeploy.Primes.Settings;

/// <summary>Takes a role's settings from arguments and environment, and collects every problem instead of stopping at the first.</summary>
internal sealed class SettingReader
{
    private readonly Dictionary<string, string> given = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<Setting> settings;

    /// <param name="role">The role, for the messages.</param>
    /// <param name="settings">What the role understands.</param>
    /// <param name="arguments">What follows the role on the command line. Arguments win over the environment.</param>
    /// <param name="environment">Variables; those that do not start with PRIMES_ are of no interest.</param>
    /// <param name="otherVariables">Variables of other roles, which may stand in the environment too.</param>
    internal SettingReader(
        string role,
        IReadOnlyList<Setting> settings,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        IReadOnlySet<string> otherVariables)
    {
        this.settings = settings;
        foreach (var (variable, value) in environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (settings.FirstOrDefault(setting => setting.Variable == variable) is { } setting)
                given[setting.Name] = value;
            else if (variable.StartsWith("PRIMES_", StringComparison.Ordinal) && !otherVariables.Contains(variable))
                Problems.Add($"Unknown variable {variable} in the environment. Known to '{role}': {string.Join(", ", settings.Select(s => s.Variable))}.");
        }

        ReadArguments(role, arguments);
    }

    internal List<string> Problems { get; } = [];

    internal IPEndPoint? ListenAddress(string name)
    {
        var text = Text(name);
        if (text is null)
            return null;

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/", UserInfo: "" })
        {
            if (url.Host == "localhost")
                return new IPEndPoint(IPAddress.Loopback, url.Port);
            if (IPAddress.TryParse(url.Host, out var address))
                return new IPEndPoint(address, url.Port);
        }

        Problems.Add($"--{name} is '{text}': it must be http://ADDRESS:PORT with an IP address of this machine, such as http://0.0.0.0:80.");
        return null;
    }

    internal Uri? Server(string name)
    {
        var text = Text(name);
        if (text is null)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "http", PathAndQuery: "/", UserInfo: "" })
            return url;

        Problems.Add($"--{name} is '{text}': it must be the http address of a server without a path, such as http://10.138.0.10.");
        return null;
    }

    internal int Count(string name, int least, int most)
    {
        var text = Text(name);
        if (text is null)
            return least;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least && count <= most)
            return count;

        Problems.Add($"--{name} is '{text}': it must be a whole number from {least} to {most}.");
        return least;
    }

    internal TimeSpan Seconds(string name, double least, double most)
    {
        var text = Text(name);
        if (text is null)
            return default;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= most)
            return TimeSpan.FromSeconds(seconds);

        Problems.Add(string.Create(CultureInfo.InvariantCulture, $"--{name} is '{text}': it must be a number of seconds from {least} to {most}, such as 0.5."));
        return default;
    }

    /// <summary>The value given, else the default; null, and a problem, where there is neither.</summary>
    internal string? Text(string name)
    {
        var setting = settings.First(setting => setting.Name == name);
        if (given.TryGetValue(name, out var text))
            return text;
        if (setting.Default is null)
            Problems.Add($"--{name} is missing: {setting.Meaning} Give --{name} {setting.Value} or set {setting.Variable}.");
        return setting.Default;
    }

    private void ReadArguments(string role, IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i++)
        {
            var argument = arguments[i];
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            var option = equals < 0 ? argument : argument[..equals];
            if (settings.FirstOrDefault(s => "--" + s.Name == option) is not { } setting)
                Problems.Add($"Unknown argument '{argument}'. '{role}' understands {string.Join(", ", settings.Select(s => "--" + s.Name))}.");
            else if (equals >= 0)
                given[setting.Name] = argument[(equals + 1)..];
            else if (i + 1 < arguments.Count)
                given[setting.Name] = arguments[++i];
            else
                Problems.Add($"{option} lacks its value: {option} {setting.Value}.");
        }
    }
}
