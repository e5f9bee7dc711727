using PrimeDeploy.LocalCloud.Commands;
using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

/// <summary>gcloud, pointed at a local cloud.</summary>
internal static class Gcloud
{
    /// <summary>With the environment that <c>local-cloud env</c> prints, and a folder, a home and a configuration of its own.</summary>
    public static ClientProgram For(TestCloud cloud)
    {
        var folder = Directory.CreateDirectory(Path.Combine(cloud.Server.Options.StateDirectory, "client")).FullName;
        var environment = EnvCommand.Text(cloud.Server.Endpoint.Port, "lab-project").Split('\n')
            .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
            .Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        environment["CLOUDSDK_CONFIG"] = Path.Combine(folder, "gcloud");
        environment["HOME"] = folder;
        return new ClientProgram(ClientProgram.Find("gcloud")!, environment, folder);
    }
}
