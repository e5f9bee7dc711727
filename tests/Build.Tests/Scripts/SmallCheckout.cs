using System.Diagnostics;

namespace PrimeDeploy.Build.Tests.Scripts;

/// <summary>A checkout with the real build.sh and build.ps1 and a program of a few lines, which builds in seconds.</summary>
public class SmallCheckout : IDisposable
{
    private const string Program = """
        using System.Runtime.InteropServices;
        System.Console.WriteLine(string.Join('\n', args));
        if (!System.IO.File.Exists("cake.config"))
            return 44;
        if (args is ["-t", "build", "wait"])
        {
            using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => System.Environment.Exit(43));
            System.Console.WriteLine("waiting");
            System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite);
        }
        return 42;
        """;

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <AssemblyName>PrimeDeploy.Build</AssemblyName>
          </PropertyGroup>
        </Project>
        """;

    private static readonly string[] ToolsOfTheScript =
        ["bash", "cat", "dirname", "env", "find", "flock", "mkdir", "rm", "sed", "sha256sum", "sort", "uname"];

    private readonly string root = Directory.CreateTempSubdirectory("build-sh-").FullName;

    public SmallCheckout()
    {
        foreach (var file in (string[])["build.sh", "build.ps1", "cake.config"])
            File.Copy(Path.Combine(Repository(), file), Path.Combine(root, file));
        Write("global.json", """{ "sdk": { "version": "10.0.100", "rollForward": "latestFeature" } }""");
        Write("Directory.Build.props", "<Project />");
        Write(".editorconfig", "root = true\n");
        Write("src/Deployer/Deployment.cs", "// not built here\n");
        Write("src/Reporting/RunSummary.cs", "// not built here\n");
        Write("substitutes/README.md", "none\n");
        Write("build/Build.csproj", Project);
        Write("build/Program.cs", Program);
    }

    /// <param name="script">build.sh or build.ps1: what is run in it.</param>
    public static SmallCheckout For(string script) => script == "build.sh" ? new() : new PowerShellCheckout();

    public void Write(string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public void Delete(string path) => File.Delete(Path.Combine(root, path));

    public void WriteProgram(string addition = "") => Write("build/Program.cs", Program + addition);

    /// <summary>A PATH with nothing on it but what the script itself calls, and the named tools.</summary>
    public string PathWithOnly(params string[] tools)
    {
        var directory = Directory.CreateDirectory(Path.Combine(root, "path-" + Guid.NewGuid().ToString("N"))).FullName;
        var places = Environment.GetEnvironmentVariable("PATH")!.Split(':');
        foreach (var tool in ToolsOfTheScript.Concat(tools))
        {
            var file = places.Select(place => Path.Combine(place, tool)).First(File.Exists);
            File.CreateSymbolicLink(Path.Combine(directory, tool), file);
        }

        return directory;
    }

    /// <summary>A PATH on which there is no .NET SDK.</summary>
    public virtual string PathWithoutSdk() => PathWithOnly();

    /// <summary>The command that stands before the script's arguments.</summary>
    protected virtual IReadOnlyList<string> Script(string root) => [Path.Combine(root, "build.sh")];

    public Process Start(string? path, params string[] arguments)
    {
        var command = Script(root);
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetPathRoot(root),
        };
        if (path is not null)
            start.Environment["PATH"] = path;
        return Process.Start(start)!;
    }

    public async Task<ScriptRun> RunAsync(string? path, params string[] arguments)
    {
        using var process = Start(path, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ScriptRun(process.ExitCode, await output, await errors);
    }

    public void Dispose()
    {
        Directory.Delete(root, recursive: true);
        GC.SuppressFinalize(this);
    }

    private static string Repository()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "build.sh")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("No build.sh above " + AppContext.BaseDirectory);
        return directory;
    }
}

/// <summary>What a run of the script came to.</summary>
public sealed record ScriptRun(int ExitCode, string Output, string Errors);
