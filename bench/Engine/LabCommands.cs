using System.Diagnostics;

namespace PrimeDeploy.EngineBench;

/// <summary>
/// The commands of the lab GSP041, one after the other as they stand there. What is typed on the test instance itself takes no time here: the machines
/// are simulated.
/// </summary>
internal static class LabCommands
{
    private static readonly string[] Commands =
    [
        "instance-templates create primecalc --metadata-from-file startup-script=backend.sh --no-address --tags backend --machine-type=e2-medium",
        "firewall-rules create http --network default --allow=tcp:80 --source-ranges 10.138.0.0/20 --target-tags backend",
        "instance-groups managed create backend --size 3 --template primecalc --zone us-west1-b",
        "health-checks create http ilb-health --request-path /2",
        "backend-services create prime-service --load-balancing-scheme internal --region=us-west1 --protocol tcp --health-checks ilb-health",
        "backend-services add-backend prime-service --instance-group backend --instance-group-zone=us-west1-b --region=us-west1",
        "forwarding-rules create prime-lb --load-balancing-scheme internal --ports 80 --network default --region=us-west1 --address 10.138.0.10 --backend-service prime-service",
        "instances create testinstance --zone=us-west1-b --machine-type=e2-standard-2",
        "instances delete testinstance --zone=us-west1-b",
        "instances create frontend --zone=us-west1-b --metadata-from-file startup-script=frontend.sh --tags=frontend --machine-type=e2-standard-2",
        "firewall-rules create http2 --network default --allow=tcp:80 --source-ranges 0.0.0.0/0 --target-tags frontend",
    ];

    /// <returns>How long all took, and how long without the test instance; null where gcloud is not installed.</returns>
    public static async Task<(TimeSpan All, TimeSpan WithoutTest)?> RunAsync(Uri cloud, string scripts)
    {
        var gcloud = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "gcloud")).FirstOrDefault(File.Exists);
        if (gcloud is null) return null;
        var configuration = Directory.CreateTempSubdirectory("primedeploy-gcloud-");
        try
        {
            var (all, withoutTest) = (TimeSpan.Zero, TimeSpan.Zero);
            foreach (var command in Commands)
            {
                var started = Stopwatch.GetTimestamp();
                await RunAsync(gcloud, command, cloud, scripts, configuration.FullName);
                var took = Stopwatch.GetElapsedTime(started);
                all += took;
                if (!command.Contains(" testinstance ", StringComparison.Ordinal)) withoutTest += took;
            }
            return (all, withoutTest);
        }
        finally
        {
            configuration.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string gcloud, string command, Uri cloud, string scripts, string configuration)
    {
        var start = new ProcessStartInfo(gcloud, ["compute", .. command.Split(' ')])
        {
            WorkingDirectory = scripts, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment =
            {
                ["CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE"] = new Uri(cloud, "/compute/v1/").ToString(), ["CLOUDSDK_AUTH_DISABLE_CREDENTIALS"] = "true",
                ["CLOUDSDK_CONFIG"] = configuration, ["CLOUDSDK_CORE_PROJECT"] = "my-project", ["CLOUDSDK_CORE_DISABLE_PROMPTS"] = "1",
                ["CLOUDSDK_CORE_DISABLE_USAGE_REPORTING"] = "true", ["CLOUDSDK_CORE_CHECK_GCE_METADATA"] = "false", ["NO_PROXY"] = "127.0.0.1",
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"gcloud compute {command}: {errors}");
    }
}
