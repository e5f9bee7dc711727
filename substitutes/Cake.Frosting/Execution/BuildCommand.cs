using Cake.Cli;
using Cake.Cli.Infrastructure;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Packaging;
using Cake.Core.Scripting;
using Cake.Core.Tooling;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting.Internal;

/// <summary>One run of the program: reads the options, prepares the context and hands the targets to the script host that the options ask for.</summary>
internal sealed class BuildCommand(IServiceCollection services) : Command<BuildSettings>
{
    public override int Execute(CommandContext context, BuildSettings settings, CancellationToken cancellationToken)
    {
        services.AddSingleton(context.Remaining);
        services.AddSingleton<ICakeArguments>(context.Remaining.ToCakeArguments(settings.NoReport, settings.Targets));

        var provider = services.BuildServiceProvider();
        try
        {
            Run(provider, settings);
            return 0;
        }
        catch (Exception exception)
        {
            return provider.GetService<ICakeLog>().LogException(exception);
        }
    }

    private static void Run(ServiceProvider provider, BuildSettings settings)
    {
        if (settings.Version)
        {
            provider.GetRequiredService<VersionFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        if (settings.Info)
        {
            provider.GetRequiredService<InfoFeature>().Run(provider.GetRequiredService<IConsole>());
            return;
        }

        EnterWorkingDirectory(provider, settings);
        var log = provider.GetRequiredService<ICakeLog>();
        log.Verbosity = provider.GetRequiredService<ICakeConfiguration>().GetVerbosity(settings.Verbosity, Verbosity.Normal);
        InstallTools(provider, log);

        var host = Host(provider, settings);
        if (settings.Exclusive)
            host.Settings.UseExclusiveTarget();

        provider.GetRequiredService<FrostingEngine>().Register();
        provider.GetRequiredService<Lifetime>().Register();
        host.RunTargets(settings.Targets);
    }

    // cake.config is looked for in the working directory: nothing may ask for the configuration before this.
    private static void EnterWorkingDirectory(ServiceProvider provider, BuildSettings settings)
    {
        var environment = provider.GetRequiredService<ICakeEnvironment>();
        var asked = settings.WorkingDirectory ?? provider.GetService<WorkingDirectory>()?.Path;
        var directory = asked?.MakeAbsolute(environment) ?? environment.WorkingDirectory;
        if (!provider.GetRequiredService<IFileSystem>().Exist(directory))
            throw new FrostingException($"The working directory '{directory.FullPath}' does not exist.");

        environment.WorkingDirectory = directory;
    }

    private static void InstallTools(ServiceProvider provider, ICakeLog log)
    {
        foreach (var tool in provider.GetServices<PackageReference>())
        {
            log.Verbose("Installing tool {0}...", tool.Package);
            if (!provider.GetRequiredService<IToolInstaller>().Install(tool).Any())
                throw new FrostingException($"Failed to install tool '{tool.Package}'.");
        }
    }

    private static IScriptHost Host(ServiceProvider provider, BuildSettings settings) => settings switch
    {
        { DryRun: true } => provider.GetRequiredService<DryRunScriptHost<IFrostingContext>>(),
        { Tree: true } => provider.GetRequiredService<TreeScriptHost>(),
        { Description: true } => provider.GetRequiredService<DescriptionScriptHost>(),
        _ => provider.GetRequiredService<BuildScriptHost<IFrostingContext>>(),
    };
}
