using Cake.Core;
using PrimeDeploy.Deployer;

namespace PrimeDeploy.Build.Settings;

/// <summary>What the user wants, checked. Made once per run, by <see cref="Read"/>.</summary>
/// <param name="Google">Google Cloud rather than the local cloud.</param>
/// <param name="Deployment">The deployment, but for the program on the machines, which may still have to be published.</param>
/// <param name="Run">How to go about it.</param>
/// <param name="JsonOutput">Plan, Status and Graph are for machines.</param>
/// <param name="JsonLog">Events are for machines.</param>
/// <param name="DetailedExitCode">A plan with changes has an exit code of its own.</param>
/// <param name="LocalCloud">How to start the local cloud, if it has to be.</param>
internal sealed record BuildSettings(
    bool Google, DeploymentOptions Deployment, RunOptions Run, bool JsonOutput, bool JsonLog, bool DetailedExitCode, LocalCloudSettings LocalCloud)
{
    /// <summary>The local cloud takes any project; this is the one that it gets.</summary>
    private const string LocalProject = "primedeploy-local";

    /// <exception cref="CakeException">Something is wrong with the settings; the message has all of it.</exception>
    public static BuildSettings Read(ICakeContext context, string root)
    {
        var values = new SettingValues(context.Arguments, context.Configuration);
        var google = values.OneOf(Setting.Cloud, "local", "google") == "google";
        // A workflow has its own project.
        var elsewhere = context is BuildContext { TasksToExecute: var tasks } && tasks.SequenceEqual(["Dispatch"]);
        var settings = new BuildSettings(
            google,
            new DeploymentOptions
            {
                Name = values.Text(Setting.DeploymentName)!,
                Project = values.Text(Setting.Project) ?? (google && !elsewhere ? "" : LocalProject),
                Zone = values.Text(Setting.Zone)!,
                Size = values.Number(Setting.Size, 1, 1000)!.Value,
                MachineType = values.Text(Setting.MachineType)!,
                FrontendMachineType = values.Text(Setting.FrontendMachineType)!,
                Address = values.Text(Setting.Address),
                Bucket = values.Text(Setting.Bucket),
                TimeToLive = values.Duration(Setting.Ttl),
                HealthyDeadline = values.Duration(Setting.Deadline) ?? TimeSpan.FromMinutes(5),
                StartupScripts = Path.Combine(root, "scripts", "startup"),
            },
            new RunOptions { Adopt = values.Flag(Setting.Adopt), Wait = values.Flag(Setting.Wait) },
            values.OneOf(Setting.Output, "text", "json") == "json",
            values.OneOf(Setting.Log, "text", "json") == "json",
            values.Flag(Setting.DetailedExitCode),
            new LocalCloudSettings(
                Path.GetFullPath(values.Text(Setting.State)!, root),
                values.Number(Setting.Port, 0, 65535),
                values.OneOf(Setting.Machines, "namespaces", "none"),
                values.OneOf(Setting.Init, "light", "systemd"),
                values.OneOf(Setting.Latency, "instant", "realistic")));

        values.OneOf(Setting.Action, "plan", "deploy", "verify", "teardown");
        if (values.Text(Setting.Owner) is { } owner)
            settings = settings with { Deployment = settings.Deployment with { Owner = owner } };

        // The program is published after the settings are read, and only if the targets need it.
        var problems = settings.Deployment.Validate().Where(problem => problem.Setting != "program")
            .Select(problem => Setting.All.Any(setting => setting.Name == problem.Setting) ? $"--{problem}" : problem.ToString());
        var unknown = UnknownSettings.Find(context.Arguments, Environment.GetEnvironmentVariables(), Path.Combine(root, "cake.config"));
        if (string.Join("\n  ", [.. unknown, .. values.Problems, .. problems]) is { Length: > 0 } all)
            throw new CakeException($"Nothing was done, because of the settings:\n  {all}");
        return settings;
    }
}

/// <param name="State">The folder of the local cloud's state and machines.</param>
/// <param name="Port">On 127.0.0.1; 0 for any free one; null for that of the one that runs, or the usual one.</param>
/// <param name="Machines">namespaces or none; null for those of the one that runs, or namespaces where the host can.</param>
/// <param name="Init">light or systemd; null for that of the one that runs, or light.</param>
/// <param name="Latency">instant or realistic; null for that of the one that runs, or instant.</param>
internal sealed record LocalCloudSettings(string State, int? Port, string? Machines, string? Init, string? Latency);
