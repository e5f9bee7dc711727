using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What is allowed in <see cref="DeploymentOptions"/>, as far as it can be told without the cloud. Every rule is looked at; none stops the
/// others.
/// </summary>
internal static partial class OptionRules
{
    public static readonly IReadOnlyList<string> Scripts = ["backend.sh", "frontend.sh", "probe.sh"];

    /// <summary>Where the deployment is.</summary>
    public static IEnumerable<SettingProblem> Target(DeploymentOptions options)
    {
        // 30, so that the longest resource name and the group's member names stay within Google's 63.
        if (options.Name.Length > 30 || !ResourceName().IsMatch(options.Name))
            yield return new("name", options.Name,
                "is not a deployment name. Allowed are 1 to 30 lower-case letters, digits and dashes; it starts with a letter and does not end with a dash.");

        if (options.Project.Length == 0)
            yield return new("project", null,
                "is not set. It is the id of the Google Cloud project to deploy to, as `gcloud projects list` shows it.");
        else if (!Project().IsMatch(options.Project))
            yield return new("project", options.Project,
                "is not a project id. Allowed are 6 to 30 lower-case letters, digits and dashes; it starts with a letter and does not end with a dash.");

        if (!Zone().IsMatch(options.Zone))
            yield return new("zone", options.Zone, "is not a zone. A zone is a region and a letter, for example us-west1-b.");

        if (options.Network.Length > 63 || !ResourceName().IsMatch(options.Network))
            yield return new("network", options.Network,
                "is not the name of a network. Allowed are 1 to 63 lower-case letters, digits and dashes, for example default.");

        if (options.Bucket is { } bucket && (bucket.Length is < 3 or > BucketNames.Longest || !Bucket().IsMatch(bucket)))
            yield return new("bucket", bucket,
                "is not a bucket name. Allowed are 3 to 63 lower-case letters, digits, dashes, underscores and dots; it starts and ends with a letter or digit.");
    }

    /// <summary>What is deployed.</summary>
    public static IEnumerable<SettingProblem> Content(DeploymentOptions options)
    {
        if (options.Size is < 1 or > 1000)
            yield return new("size", options.Size.ToString(), "is not a number of backends. Allowed is a whole number from 1 to 1000.");

        (string, string)[] types = [("machine-type", options.MachineType), ("frontend-machine-type", options.FrontendMachineType)];
        foreach (var (setting, type) in types)
            if (type.Length > 63 || !ResourceName().IsMatch(type))
                yield return new(setting, type, "is not the name of a machine type. It looks like e2-medium.");

        if (options.Address is { } address && !IsDottedQuad(address))
            yield return new("address", address,
                "is not an IPv4 address. It is four numbers from 0 to 255, for example 10.138.0.10, inside the subnet of the region.");

        if (options.TimeToLive is { } life && (life < TimeSpan.FromMinutes(1) || life > TimeSpan.FromDays(365)))
            yield return new("ttl", life.ToString(),
                "is out of range. Allowed is from one minute (1m) to 365 days (365d).");

        if (options.Owner != Owners.ToLabel(options.Owner))
            yield return new("owner", options.Owner,
                "is not the value of a label. Allowed are 1 to 63 lower-case letters, digits, dashes and underscores.");

        if (options.HealthyDeadline < TimeSpan.FromSeconds(10) || options.HealthyDeadline > TimeSpan.FromHours(1))
            yield return new("deadline", options.HealthyDeadline.ToString(), "is out of range. Allowed is from 10 seconds (10s) to one hour (1h).");

        if (!Directory.Exists(options.StartupScripts))
            yield return new("startup-scripts", options.StartupScripts, $"is not a folder. It has to hold {string.Join(", ", Scripts)}.");
        else
            foreach (var script in Scripts)
            {
                var path = Path.Combine(options.StartupScripts, script);
                if (!File.Exists(path))
                    yield return new("startup-scripts", options.StartupScripts, $"has no {script}. It has to hold {string.Join(", ", Scripts)}.");
                else
                    foreach (var missing in StartupScript.Missing(path))
                        yield return new("startup-scripts", options.StartupScripts, $"has no {missing}, which {script} sources.");
            }

        if (options.Program.Length == 0)
            yield return new("program", null, "is not set. It is the path of the published program that runs on the machines.");
        else if (!File.Exists(options.Program))
            yield return new("program", options.Program, "does not exist. Publish it first: dotnet publish src/Primes.");
    }

    /// <summary>IPAddress.Parse takes 10.138 and 0xA.0.0.1 too; the API does not.</summary>
    private static bool IsDottedQuad(string address) =>
        IPAddress.TryParse(address, out var parsed) && parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() == address;

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ResourceName();

    [GeneratedRegex("^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Project();

    [GeneratedRegex("^[a-z]+(-[a-z]+)+[0-9]+-[a-z]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Zone();

    [GeneratedRegex("^[a-z0-9][-_.a-z0-9]*[a-z0-9]$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Bucket();
}
