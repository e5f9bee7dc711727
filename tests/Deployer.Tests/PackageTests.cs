using System.Xml.Linq;

namespace PrimeDeploy.Deployer.Tests;

/// <summary>Whoever installs the package gets the libraries that the code is written against.</summary>
public sealed class PackageTests
{
    [Theory]
    [InlineData("Google.Cloud.Compute.V1")]
    [InlineData("Google.Cloud.Storage.V1")]
    public void A_stand_in_bears_the_version_that_is_pinned_because_the_package_depends_on_it(string package)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "PrimeDeploy.sln")))
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests do not run from inside a checkout.");
        var pinned = XDocument.Load(Path.Combine(root, "Directory.Packages.props")).Descendants("PackageVersion").Single(version => (string?)version.Attribute("Include") == package);
        var standIn = XDocument.Load(Path.Combine(root, "substitutes", package, package + ".csproj")).Descendants("Version").Single();

        Assert.Equal((string?)pinned.Attribute("Version"), standIn.Value);
    }
}
