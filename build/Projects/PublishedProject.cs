using System.Security.Cryptography;
using System.Text;
using Cake.Core;

namespace PrimeDeploy.Build.Projects;

/// <summary>
/// What a project was published to, kept under a fingerprint of its sources: an unchanged project is found in milliseconds, without asking MSBuild.
/// </summary>
/// <param name="root">The checkout.</param>
/// <param name="project">Path of the project's folder below the checkout, for example <c>src/Primes</c>.</param>
/// <param name="say">Told what takes long, before it does.</param>
internal sealed class PublishedProject(string root, string project, Action<string> say)
{
    private static readonly string[] RepositoryFiles = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json"];

    private string Outputs => Path.Combine(root, "artifacts", Path.GetFileName(project).ToLowerInvariant());

    /// <summary>Publishes unless the present sources were published before.</summary>
    /// <returns>The folder with the published files.</returns>
    /// <exception cref="CakeException">The compiler or the publish step refused; the message has what it printed.</exception>
    public async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        var output = Path.Combine(Outputs, Fingerprint());
        if (Directory.Exists(output))
            return output;

        RequireSpace();
        say($"{project} is new or changed: publishing it, which takes up to a minute …");
        var unfinished = $"{output}.{Environment.ProcessId}.tmp";
        await Dotnet.RunAsync(root, ["publish", project, "--configuration", "Release", "--output", unfinished, "--nologo", "--verbosity", "quiet"], cancellationToken);
        try
        {
            Directory.Move(unfinished, output);
        }
        catch (IOException) when (Directory.Exists(output))
        {
            Directory.Delete(unfinished, recursive: true);   // another run was faster, with the same result
        }

        foreach (var old in new DirectoryInfo(Outputs).GetDirectories().OrderByDescending(d => d.LastWriteTimeUtc).Skip(KeptOutputs))
            old.Delete(recursive: true);
        return output;
    }

    /// <summary>The compiler's own words about a full disk are a page of stack trace.</summary>
    private void RequireSpace()
    {
        Directory.CreateDirectory(Outputs);
        if (new DriveInfo(Outputs).AvailableFreeSpace is var free && free < SpaceToPublish)
            throw new CakeException(
                $"There is no room to publish {project}: {Outputs} has {free / 1_000_000} MB left, and it takes {SpaceToPublish / 1_000_000} MB. Make room there, then run the command again.");
    }

    /// <summary>Bytes. What both programs take, with the compiler's intermediate files, and something to spare.</summary>
    private const long SpaceToPublish = 300_000_000;

    /// <summary>A running local cloud may still execute from an older output, so a few are kept.</summary>
    private const int KeptOutputs = 3;

    private string Fingerprint()
    {
        var folder = new DirectoryInfo(Path.Combine(root, project));
        var sources = folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = false })
            .Concat(folder.EnumerateDirectories().Where(d => d.Name is not ("bin" or "obj")).SelectMany(d => d.EnumerateFiles("*", SearchOption.AllDirectories)))
            .Select(f => f.FullName)
            .Concat(RepositoryFiles.Select(f => Path.Combine(root, f)).Where(File.Exists))
            .Order(StringComparer.Ordinal);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Environment.Version.ToString()));
        foreach (var source in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, source)));
            hash.AppendData(File.ReadAllBytes(source));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
