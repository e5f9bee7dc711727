using System.Globalization;
using PrimeDeploy.LocalCloud.Api;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.LocalCloud.Commands;

/// <summary>What the commands besides the server itself are given.</summary>
/// <param name="Project">Null when it was not said.</param>
/// <param name="Zone">Null when it was not said.</param>
/// <param name="Name">The instance; null when there is none.</param>
/// <param name="Command">What comes after <c>--</c>.</param>
/// <param name="Errors">Everything that is wrong with what was given.</param>
internal sealed record ClientOptions(int Port, string? Project, string? Zone, string? Name, IReadOnlyList<string> Command, IReadOnlyList<string> Errors)
{
    public Uri Endpoint => new($"http://127.0.0.1:{Port}/");

    /// <param name="arguments">Without the command's own name.</param>
    /// <param name="takesName">An instance has to be named.</param>
    public static ClientOptions Parse(IReadOnlyList<string> arguments, bool takesName)
    {
        var end = arguments.ToList().IndexOf("--");
        var own = end < 0 ? arguments : [.. arguments.Take(end)];
        var options = new ClientOptions(CommandLine.DefaultPort, Environment.GetEnvironmentVariable("CLOUDSDK_CORE_PROJECT"), null, null, end < 0 ? [] : [.. arguments.Skip(end + 1)], []);
        var errors = new List<string>();
        for (var index = 0; index < own.Count; index++)
        {
            var (name, value) = own[index].Split('=', 2) is [var left, var right] ? (left, right) : (own[index], null);
            if (!name.StartsWith('-'))
            {
                if (!takesName || options.Name is not null)
                    errors.Add($"'{name}' was not expected{(takesName ? $" after '{options.Name}'. What is to run on the machine comes after --" : "")}.");
                else
                    options = options with { Name = name };
                continue;
            }
            value ??= index + 1 < own.Count ? own[++index] : null;
            switch (name)
            {
                case "--port" when ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0:
                    options = options with { Port = port };
                    break;
                case "--port":
                    errors.Add($"--port is '{value}'. Allowed are whole numbers from 1 to 65535.");
                    break;
                case "--project" when value is not null && Naming.IsProjectId(value):
                    options = options with { Project = value };
                    break;
                case "--project" when value is not null:
                    errors.Add($"--project is '{value}'. Allowed are {Naming.ProjectIdRule}.");
                    break;
                case "--zone" when takesName && !string.IsNullOrEmpty(value):
                    options = options with { Zone = value };
                    break;
                default:
                    errors.Add($"{name} is no option or needs a value. Allowed are --port, --project{(takesName ? ", --zone" : "")}.");
                    break;
            }
        }
        if (takesName && options.Name is null)
            errors.Add("Name the instance: local-cloud ssh NAME [-- COMMAND].");
        return options with { Errors = errors };
    }
}
