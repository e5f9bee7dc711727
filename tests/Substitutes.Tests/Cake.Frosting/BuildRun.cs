using Cake.Core;
using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace PrimeDeploy.Substitutes.Tests.Cake.Frosting;

/// <summary>What happened in a build, in order; its tasks write it.</summary>
internal sealed class Journal : List<string>;

/// <summary>One run of a build in a directory of its own.</summary>
internal sealed record BuildRun(int ExitCode, string Output, Journal Journal)
{
    /// <summary>Runs a build. The tasks must be registered one by one, as they are not public.</summary>
    public static BuildRun Of(Action<CakeHost> configure, params string[] arguments) => Of(cakeConfig: string.Empty, configure, arguments);

    /// <summary>The same with a <c>cake.config</c>.</summary>
    public static BuildRun Of(string cakeConfig, Action<CakeHost> configure, params string[] arguments)
    {
        // Cake makes its working directory the process's own.
        var here = Directory.GetCurrentDirectory();
        var directory = Directory.CreateTempSubdirectory("frosting-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "cake.config"), cakeConfig);
            return In(directory.FullName, configure, arguments);
        }
        finally
        {
            Directory.SetCurrentDirectory(here);
            directory.Delete(recursive: true);
        }
    }

    private static BuildRun In(string directory, Action<CakeHost> configure, string[] arguments)
    {
        var console = new RecordingConsole();
        var journal = new Journal();
        using var ansi = new StringWriter();
        var host = new CakeHost()
            .UseContext<SampleContext>()
            .UseWorkingDirectory(directory)
            .ConfigureServices(services => services
                .AddSingleton(journal)
                .AddSingleton<IConsole>(console)
                .AddSingleton(AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(ansi) })));
        configure(host);
        var exitCode = host.Run(arguments);
        return new BuildRun(exitCode, console.ToString() + ansi, journal);
    }
}

/// <summary>The context that the sample tasks share.</summary>
internal sealed class SampleContext(ICakeContext context, Journal journal) : FrostingContext(context)
{
    public Journal Journal { get; } = journal;
}

internal static class TaskRegistration
{
    /// <summary>Registers a task class, as the host does with the public ones of the program.</summary>
    public static CakeHost With<TTask>(this CakeHost host)
        where TTask : class, IFrostingTask => host.ConfigureServices(services => services.AddSingleton<IFrostingTask, TTask>());
}
