namespace PrimeDeploy.Deployer.Tests;

/// <summary>A folder of its own with startup scripts and a program, and options that are valid with them.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("primedeploy-").FullName;

    public Workplace()
    {
        Directory.CreateDirectory(Scripts);
        foreach (var script in new[] { "backend.sh", "frontend.sh", "probe.sh" }) File.WriteAllText(Path.Combine(Scripts, script),
            $"#!/bin/bash\necho {script}\n");
        File.WriteAllText(Program, "the program");
    }

    public string Scripts => Path.Combine(_folder, "startup");

    public string Program => Path.Combine(_folder, "primes");

    public string State => Path.Combine(_folder, "state");

    public string Folder => _folder;

    public DeploymentOptions Options => OptionsIn(_folder);

    /// <summary>The options of a workplace that another process has made.</summary>
    public static DeploymentOptions OptionsIn(string folder) =>
        new() { Project = "my-project", StartupScripts = Path.Combine(folder, "startup"), Program = Path.Combine(folder, "primes") };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
