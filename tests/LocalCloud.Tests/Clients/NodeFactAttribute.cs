namespace PrimeDeploy.LocalCloud.Tests.Clients;

/// <summary>A test with Google's libraries for Node, which npm installs beside the tests once; skipped with the reason where they cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> WhyNot = new(() => Task.Run(InstallAsync).GetAwaiter().GetResult());

    public NodeFactAttribute() => Skip = WhyNot.Value;

    /// <summary>The folder with package.json and the script.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Clients", "node");

    private static async Task<string?> InstallAsync()
    {
        if (ClientProgram.Find("node") is null || ClientProgram.Find("npm") is not { } npm)
            return "Node and npm are not installed.";
        var manifest = new FileInfo(Path.Combine(Folder, "package.json"));
        var installed = new FileInfo(Path.Combine(Folder, "node_modules", ".package-lock.json"));
        if (installed.Exists && installed.LastWriteTimeUtc >= manifest.LastWriteTimeUtc)
            return null;
        var (exitCode, _, error) = await new ClientProgram(npm, new Dictionary<string, string>(), Folder)
            .TryAsync("install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error");
        return exitCode == 0 ? null : $"npm could not install Google's libraries: {error.Trim()}";
    }
}
