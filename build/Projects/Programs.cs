namespace PrimeDeploy.Build.Projects;

/// <summary>The programs that a deployment needs, published when first asked for.</summary>
/// <param name="root">The checkout.</param>
/// <param name="say">Told what takes long, before it does.</param>
internal sealed class Programs(string root, Action<string> say)
{
    private Task<string>? _primes;
    private Task<string>? _localCloud;

    /// <returns>The file that runs on the machines.</returns>
    public async Task<string> PrimesAsync(CancellationToken cancellationToken) =>
        Path.Combine(await (_primes ??= new PublishedProject(root, "src/Primes", say).EnsureAsync(cancellationToken)), "primes");

    /// <returns>The local cloud's assembly, for <c>dotnet</c> to run.</returns>
    public async Task<string> LocalCloudAsync(CancellationToken cancellationToken) =>
        Path.Combine(await (_localCloud ??= new PublishedProject(root, "src/LocalCloud", say).EnsureAsync(cancellationToken)), "PrimeDeploy.LocalCloud.dll");
}
