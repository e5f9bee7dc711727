using System.Reflection;
using Cake.Cli;
using Cake.Core.Configuration;
using Cake.Frosting.Internal;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console.Cli;

namespace Cake.Frosting;

/// <summary>Runs a build whose tasks are classes: the public, concrete <see cref="IFrostingTask"/> of the program and of every added assembly.</summary>
public sealed class CakeHost
{
    private readonly ServiceCollection services = [];
    private readonly List<Assembly> assemblies = [];

    /// <summary>Creates a host that finds the tasks of the running program.</summary>
    public CakeHost()
    {
        if (Assembly.GetEntryAssembly() is { } program)
            assemblies.Add(program);

        services
            .AddCakeDiagnostics()
            .UseCakeDefaultModules()
            .AddSingleton<ICakeConfiguration, FrostingConfiguration>()
            .AddSingleton<IVersionResolver, VersionResolver>()
            .AddSingleton<VersionFeature>()
            .AddSingleton<InfoFeature>()
            .AddSingleton<BuildScriptHost<IFrostingContext>>()
            .AddSingleton<DryRunScriptHost<IFrostingContext>>()
            .AddSingleton<TreeScriptHost>()
            .AddSingleton<DescriptionScriptHost>()
            .AddSingleton<Lifetime>()
            .AddSingleton<FrostingEngine>()
            .AddSingleton<FrostingContext>()
            .AddSingleton<IFrostingContext>(provider => provider.GetRequiredService<FrostingContext>());
    }

    /// <summary>Creates a host that finds the tasks of the running program.</summary>
    public static CakeHost Create() => new();

    /// <summary>Finds tasks in one more assembly.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <returns>This host.</returns>
    public CakeHost AddAssembly(Assembly assembly)
    {
        assemblies.Add(assembly);
        return this;
    }

    /// <summary>Registers services that tasks and contexts may ask for in their constructors.</summary>
    /// <param name="services">Registers them.</param>
    /// <returns>This host.</returns>
    public CakeHost ConfigureServices(Action<IServiceCollection> services)
    {
        services(this.services);
        return this;
    }

    /// <summary>Runs the build.</summary>
    /// <param name="args">The command line, without the program's name.</param>
    /// <returns>0, or what the failure asks for: 1 unless a <see cref="Cake.Core.CakeException"/> says another; -1 for a command line that cannot be read.</returns>
    public int Run(IEnumerable<string> args)
    {
        foreach (var task in assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Where(IsTask))
            services.AddSingleton(typeof(IFrostingTask), task);

        var registrar = new TypeRegistrar();
        registrar.RegisterInstance(typeof(IServiceCollection), services);

        var app = new CommandApp<BuildCommand>(registrar);
        app.Configure(configuration =>
        {
            configuration.AddExample();
            configuration.AddExample("--verbosity", "quiet");
            configuration.AddExample("--tree");
        });
        return app.Run(args);
    }

    private static bool IsTask(Type type) => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IFrostingTask));
}
