using System.Globalization;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Api;

namespace PrimeDeploy.LocalCloud.Tests.Clients;

/// <summary>
/// The commands of Google's lab "Use an Internal Application Load Balancer" (GSP041) as they stand there, on real machines. gcloud takes seconds for each command,
/// so that those which do not need each other run side by side.
/// </summary>
public sealed class GcloudLifeCycleTests
{
    /// <summary>In the lab's manner: no first line that names a shell, sudo although it runs as root, a program written by a here-document, nohup.</summary>
    private const string Backend =
        """
        sudo chmod -R 777 /usr/local/sbin/
        sudo cat << EOF > /usr/local/sbin/primes.py
        import http.server

        def is_prime(n): return n > 1 and all(n % i for i in range(2, int(n**0.5) + 1))

        class Handler(http.server.BaseHTTPRequestHandler):
          def do_GET(self):
            self.send_response(200)
            self.send_header("Content-type", "text/plain")
            self.end_headers()
            self.wfile.write(str(is_prime(int(self.path[1:]))).encode())

        http.server.HTTPServer(("", 80), Handler).serve_forever()
        EOF
        nohup python3 /usr/local/sbin/primes.py >/dev/null 2>&1 &
        """;

    private const string Frontend =
        """
        sudo mkdir -p /srv/page
        sudo cat << EOF > /srv/page/index.html
        the frontend's page
        EOF
        cd /srv/page
        nohup python3 -m http.server 80 >/dev/null 2>&1 &
        """;

    [GcloudFact]
    public async Task The_lab_goes_through_from_its_first_command_to_its_last()
    {
        await using var cloud = await TestCloud.StartAsync(options => options with { Machines = MachineMode.Namespaces });
        var gcloud = Gcloud.For(cloud);
        await File.WriteAllTextAsync(Path.Combine(gcloud.Folder, "backend.sh"), Backend);
        await File.WriteAllTextAsync(Path.Combine(gcloud.Folder, "frontend.sh"), Frontend);

        await TogetherAsync(gcloud,
            "instance-templates create primecalc --metadata-from-file startup-script=backend.sh --no-address --tags backend --machine-type=e2-medium",
            "firewall-rules create http --network default --allow=tcp:80 --source-ranges 10.138.0.0/20 --target-tags backend",
            "health-checks create http ilb-health --request-path /2",
            "firewall-rules create http2 --network default --allow=tcp:80 --source-ranges 0.0.0.0/0 --target-tags frontend");
        await TogetherAsync(gcloud,
            "instance-groups managed create backend --size 3 --template primecalc --zone us-west1-b",
            "backend-services create prime-service --load-balancing-scheme internal --region=us-west1 --protocol tcp --health-checks ilb-health",
            "instances create testinstance --machine-type=e2-standard-2 --zone us-west1-b",
            "instances create frontend --zone=us-west1-b --metadata-from-file startup-script=frontend.sh --tags=frontend --machine-type=e2-standard-2");
        await TogetherAsync(gcloud,
            "backend-services add-backend prime-service --instance-group backend --instance-group-zone=us-west1-b --region=us-west1");
        await TogetherAsync(gcloud,
            "forwarding-rules create prime-lb --load-balancing-scheme internal --ports 80 --network default --region=us-west1 --address 10.138.0.10 --backend-service prime-service");

        Assert.Equal("True", await AskAsync(cloud, 2));
        Assert.Equal("False", await AskAsync(cloud, 4));
        Assert.Equal("True", await AskAsync(cloud, 5));
        var answers = await TogetherAsync(gcloud,
            "instance-groups managed list-instances backend --zone us-west1-b --format value(name)",
            "backend-services get-health prime-service --region us-west1 --format value(status.healthStatus.len())",
            "instances describe frontend --zone us-west1-b --format value(networkInterfaces[0].accessConfigs[0].natIP)",
            "firewall-rules list --filter name~^http --format value(name)");
        Assert.Equal(3, answers[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("3", answers[1].Trim());
        Assert.Equal("http\nhttp2\n", answers[3]);
        Assert.Contains("the frontend's page", await PageAsync(cloud, answers[2].Trim()), StringComparison.Ordinal);

        await TogetherAsync(gcloud,
            "forwarding-rules delete prime-lb --region us-west1 --quiet",
            "instances delete testinstance frontend --zone us-west1-b --quiet",
            "firewall-rules delete http http2 --quiet");
        await TogetherAsync(gcloud, "backend-services delete prime-service --region us-west1 --quiet");
        await TogetherAsync(gcloud, "instance-groups managed delete backend --zone us-west1-b --quiet", "health-checks delete ilb-health --quiet");
        await TogetherAsync(gcloud, "instance-templates delete primecalc --quiet");
        Assert.Equal(0, (await cloud.GetAsync($"{cloud.Server.Endpoint}localcloud/status"))["resources"]!.GetValue<int>());
    }

    [GcloudFact]
    public async Task A_group_of_a_region_behind_an_application_load_balancer_is_made_and_read()
    {
        await using var cloud = await TestCloud.StartAsync();
        var gcloud = Gcloud.For(cloud);

        await TogetherAsync(gcloud,
            "instance-templates create server --tags server",
            "networks subnets create proxies --purpose REGIONAL_MANAGED_PROXY --role ACTIVE --region us-west1 --network default --range 10.5.0.0/23",
            "health-checks create http check --region us-west1 --use-serving-port");
        await TogetherAsync(gcloud,
            "instance-groups managed create web --region us-west1 --size 4 --template server",
            "backend-services create web --load-balancing-scheme INTERNAL_MANAGED --protocol HTTP --port-name http --health-checks check --health-checks-region us-west1 --region us-west1");
        await TogetherAsync(gcloud,
            "instance-groups set-named-ports web --named-ports http:80 --region us-west1",
            "backend-services add-backend web --balancing-mode UTILIZATION --instance-group web --instance-group-region us-west1 --region us-west1",
            "url-maps create map --default-service web --region us-west1");
        await TogetherAsync(gcloud, "target-http-proxies create proxy --url-map map --url-map-region us-west1 --region us-west1");
        await TogetherAsync(gcloud,
            "forwarding-rules create rule --load-balancing-scheme INTERNAL_MANAGED --network default --subnet default --ports 80 --region us-west1 --target-http-proxy proxy --target-http-proxy-region us-west1");

        var answers = await TogetherAsync(gcloud,
            "instance-groups managed wait-until web --stable --region us-west1",
            "instance-groups managed list-instances web --region us-west1 --format value(instance.scope(zones).segment(0))",
            "backend-services get-health web --region us-west1 --format value(status.healthStatus.len())",
            "routes list --filter destRange=10.138.0.0/20 --format value(nextHopNetwork.basename())");
        Assert.Equal(["us-west1-a", "us-west1-b", "us-west1-c"], answers[1].Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("4", answers[2].Trim());
        Assert.Equal("default", answers[3].Trim());
    }

    private static Task<string[]> TogetherAsync(ClientProgram gcloud, params string[] commands) =>
        Task.WhenAll(commands.Select(command => gcloud.RunAsync(["compute", .. command.Split(' ')])));

    /// <summary>Asks the load balancer from inside the test instance, until the backends are up.</summary>
    private static async Task<string> AskAsync(TestCloud cloud, int number)
    {
        var way = await cloud.GetAsync($"{cloud.Server.Endpoint}localcloud/machines/testinstance");
        var command = way["command"]!.AsArray().Select(part => part!.GetValue<string>()).ToList();
        var nsenter = new ClientProgram(command[0], new Dictionary<string, string>(), "/");
        return await nsenter.RunAsync([.. command.Skip(1), "curl", "--silent", "--show-error", "--fail", "--retry", "30", "--retry-all-errors", "--retry-delay", "1",
            string.Create(CultureInfo.InvariantCulture, $"http://10.138.0.10/{number}")]);
    }

    private static async Task<string> PageAsync(TestCloud cloud, string address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await cloud.Http.GetStringAsync(new Uri($"http://{address}/"), limit.Token);
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100, limit.Token); // Its startup script has not got that far.
            }
        }
    }
}
