using Cake.Core;

namespace PrimeDeploy.Build.Settings;

/// <summary>Finds what was given but means nothing: a misspelled argument must not be a silent default.</summary>
internal static class UnknownSettings
{
    /// <summary>What Cake itself understands, here and as configuration (<c>nuget_source</c>, <c>paths_tools</c>, <c>settings_…</c>).</summary>
    private static readonly string[] CakeArguments =
    [
        "target", "verbosity", "dryrun", "exclusive", "tree", "description", "showdescription", "version", "info", "help", "working", "whatif", "noop", "t", "v", "e", "w", "h",
    ];

    private static readonly string[] CakeSections = ["nuget_", "paths_", "settings_", "roslyn_", "net_"];

    public static IEnumerable<string> Find(ICakeArguments arguments, System.Collections.IDictionary environment, string configurationFile)
    {
        var known = Setting.All.Select(s => s.Name).ToArray();
        foreach (var name in arguments.GetArguments().Keys)
            if (!known.Contains(name) && !CakeArguments.Contains(name) && !CakeSections.Any(s => name.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
                yield return $"--{name}: there is no such argument.{Suggest("--", name, [.. known, .. CakeArguments.Where(a => a.Length > 1)])}";

        var keys = Setting.All.Select(s => s.Key).ToArray();
        foreach (var variable in environment.Keys.Cast<string>().Where(v => v.StartsWith(Setting.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)))
            if (!keys.Contains(variable[Setting.EnvironmentPrefix.Length..].ToLowerInvariant()))
                yield return $"{variable} (environment): there is no such setting.{Suggest(Setting.EnvironmentPrefix, variable[Setting.EnvironmentPrefix.Length..], [.. keys.Select(k => k.ToUpperInvariant())])}";

        foreach (var key in KeysOfSection(configurationFile))
            if (!keys.Contains(key.ToLowerInvariant()))
                yield return $"{key} (cake.config, section [{Setting.Section}]): there is no such setting.{Suggest("", key, keys)}";
    }

    private static IEnumerable<string> KeysOfSection(string file)
    {
        if (!File.Exists(file))
            yield break;
        var inside = false;
        foreach (var line in File.ReadLines(file).Select(l => l.Trim()))
        {
            if (line.StartsWith('['))
                inside = line.Equals($"[{Setting.Section}]", StringComparison.OrdinalIgnoreCase);
            else if (inside && !line.StartsWith(';') && line.IndexOf('=') is > 0 and var end)
                yield return line[..end].Trim();
        }
    }

    private static string Suggest(string prefix, string given, IEnumerable<string> known)
    {
        var nearest = known.MinBy(k => Distance(k, given));
        return nearest is not null && Distance(nearest, given) <= Math.Max(2, given.Length / 3)
            ? $" Did you mean {prefix}{nearest}?"
            : " ./build.sh --target=Explain lists them.";
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
