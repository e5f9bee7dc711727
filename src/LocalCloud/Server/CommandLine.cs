using System.Globalization;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Operations;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>What the program was asked to do, or everything that is wrong with how it was asked.</summary>
/// <param name="Options">Null when help was asked for or there are errors.</param>
internal sealed record CommandLine(LocalCloudOptions? Options, bool IsHelp, IReadOnlyList<string> Errors)
{
    public const int DefaultPort = 9900;

    public const string Help =
        """
        A Compute Engine and Cloud Storage of your own, on this machine's loopback address.

        Usage: local-cloud [options]
          --port PORT             TCP port on 127.0.0.1; 0 for any free one (default 9900)
          --state DIR             where everything is kept (default .primedeploy/local-cloud)
          --machines MODE         namespaces: real machines in Linux namespaces where the host can; none: simulated (default namespaces)
          --init INIT             light: a small init of its own; systemd: this host's, with nothing but the startup scripts (default light)
          --latency PROFILE       instant, or realistic: operations take as long as at Google (default instant)
          --help                  this text

        local-cloud env [--port PORT] [--project P]
          prints what a shell evaluates to point gcloud and Google's libraries at it
        local-cloud ssh NAME [--port PORT] [--project P] [--zone Z] [-- COMMAND...]
          runs a command, or a shell, on an instance's machine
        local-cloud purge [--state DIR]
          ends the server of a state directory, if one runs, and removes every machine, network and file of it; then what deleted directories left behind
        """;

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var errors = new List<string>();
        var options = new LocalCloudOptions(Path.GetFullPath(Path.Combine(".primedeploy", "local-cloud"))) { Port = DefaultPort };
        for (var index = 0; index < arguments.Count; index++)
        {
            var (name, value) = arguments[index].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[index], null);
            if (name is "--help" or "-h" or "-?")
                return new CommandLine(null, true, []);
            if (name is not ("--port" or "--state" or "--machines" or "--init" or "--latency"))
            {
                errors.Add($"Unknown option '{arguments[index]}'. Allowed are --port, --state, --machines, --init, --latency and --help.");
                continue;
            }
            value ??= index + 1 < arguments.Count && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++index] : null;
            if (string.IsNullOrEmpty(value))
                errors.Add($"{name} needs a value.");
            else
                options = Apply(options, name, value, errors);
        }
        return new CommandLine(errors.Count == 0 ? options : null, false, errors);
    }

    private static LocalCloudOptions Apply(LocalCloudOptions options, string name, string value, List<string> errors)
    {
        switch (name, value)
        {
            case ("--port", _) when ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port):
                return options with { Port = port };
            case ("--state", _):
                return options with { StateDirectory = Path.GetFullPath(value) };
            case ("--machines", "namespaces"):
                return options with { Machines = MachineMode.Namespaces };
            case ("--machines", "none"):
                return options with { Machines = MachineMode.None };
            case ("--init", "light"):
                return options with { Init = MachineInit.Light };
            case ("--init", "systemd"):
                return options with { Init = MachineInit.Systemd };
            case ("--latency", "instant"):
                return options with { Latency = LatencyProfile.Instant };
            case ("--latency", "realistic"):
                return options with { Latency = LatencyProfile.Realistic };
            default:
                errors.Add($"{name} is '{value}'. Allowed are {name switch
                {
                    "--port" => "whole numbers from 0 to 65535",
                    "--machines" => "namespaces and none",
                    "--init" => "light and systemd",
                    _ => "instant and realistic",
                }}.");
                return options;
        }
    }
}
