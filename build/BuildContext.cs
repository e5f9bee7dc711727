using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Frosting;
using PrimeDeploy.Build.Projects;
using PrimeDeploy.Build.Reporting;
using PrimeDeploy.Build.Settings;

namespace PrimeDeploy.Build;

/// <summary>What the tasks share in one run of the build.</summary>
public sealed class BuildContext : FrostingContext
{
    private BuildSettings? _settings;
    private DeploymentSession? _deployment;

    public BuildContext(ICakeContext context, ExitStatus exit, StandardOutput output)
        : base(context)
    {
        (Exit, Output) = (exit, output);
        Root = FindRoot(context.Environment.WorkingDirectory.FullPath);
        Report = RunReport.Of(this);
        Programs = new Programs(Root, line => this.Information("{0}", line));
    }

    /// <summary>The checkout.</summary>
    public string Root { get; }

    internal Programs Programs { get; }

    internal ExitStatus Exit { get; }

    internal StandardOutput Output { get; }

    /// <summary>What CI and GitHub are told.</summary>
    internal RunReport Report { get; }

    /// <summary>The names of the tasks that this run is about to execute.</summary>
    internal IReadOnlyCollection<string> TasksToExecute { get; set; } = [];

    /// <summary>Cancelled by Ctrl-C and SIGTERM.</summary>
    internal CancellationToken Cancellation { get; set; }

    /// <summary>Read once; everything wrong with them is one exception.</summary>
    internal BuildSettings Settings => _settings ??= BuildSettings.Read(this, Root);

    /// <summary>The deployment that this run works on; it begins with the first task that asks for it.</summary>
    internal DeploymentSession Deployment => _deployment ??= new DeploymentSession(this);

    /// <summary>Waits for the end of what the tasks began.</summary>
    internal Task EndAsync() => _deployment?.EndAsync() ?? Task.CompletedTask;

    private static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "PrimeDeploy.sln")))
                return folder.FullName;
        throw new CakeException($"{from} is not inside a checkout of PrimeDeploy: there is no PrimeDeploy.sln in it or above it.");
    }
}
