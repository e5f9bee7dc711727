using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace PrimeDeploy.Substitutes.Tests;

/// <summary>The swap of substitutes and published packages in Directory.Build.targets, as MSBuild sees it.</summary>
public sealed class SwapTests
{
    [Theory]
    [InlineData("tests/EndToEnd.Tests/EndToEnd.Tests.csproj")]
    [InlineData("substitutes/Cake.Frosting/Cake.Frosting.csproj")]
    public async Task The_graph_of_the_published_packages_neither_finds_nor_writes_the_lock_file(string project)
    {
        var lockFile = await MSBuildAsync(project, "-property:PublishedPackages=true", "-getProperty:NuGetLockFilePath");

        Assert.Equal("obj", Path.GetFileName(Path.GetDirectoryName(lockFile)));
    }

    [Fact]
    public async Task A_substitute_can_be_restored_beside_the_published_packages()
    {
        var downloads = await MSBuildAsync(
            "substitutes/Cake.Frosting/Cake.Frosting.csproj", "-property:PublishedPackages=true", "-getItem:PackageDownload");

        Assert.Contains("\"Version\": \"[7.0.0]\"", downloads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cake_is_found_in_a_folder_of_packages_that_was_given_without_a_slash_at_its_end()
    {
        var packages = Directory.CreateTempSubdirectory("packages-");
        try
        {
            var cake = packages.CreateSubdirectory("cake.tool/7.0.0/tools/net10.0/any");
            await File.WriteAllTextAsync(Path.Combine(cake.FullName, "Cake.Core.dll"), "");
            var references = await MSBuildAsync(
                "substitutes/Cake.Frosting/Cake.Frosting.csproj", $"-property:NuGetPackageRoot={packages.FullName}", "-target:ReferenceCake", "-getItem:Reference");

            Assert.Contains("Cake.Core.dll", references, StringComparison.Ordinal);
        }
        finally
        {
            packages.Delete(recursive: true);
        }
    }

    /// <summary>Evaluates a project of this checkout. Nothing of it is built.</summary>
    private static async Task<string> MSBuildAsync(string project, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(Root(), project), "-nologo", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException(output + await error);
    }

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
