using System.Globalization;

namespace PrimeDeploy.Deployer;

/// <summary>
/// The lab's prime-number service: a public frontend, an internal load balancer, and a group of backends behind it. See
/// https://www.cloudskillsboost.google/focuses/1248 (GSP041).
/// </summary>
public sealed class PrimeService : Deployment
{
    /// <summary>Where Google's health checks come from (https://cloud.google.com/load-balancing/docs/firewall-rules).</summary>
    internal static readonly IReadOnlyList<string> ProberRanges = ["35.191.0.0/16", "130.211.0.0/22"];

    /// <summary>Of every machine, and of the load balancer.</summary>
    internal const int Port = 80;

    /// <summary>The public web server's name, after the deployment's prefix.</summary>
    internal const string FrontendName = "frontend";

    /// <summary>What the test instance asks: a prime, a number that is none, a prime.</summary>
    private const string Questions = "2,4,5";

    /// <summary>How long the test instance goes on asking when all that it asks is there, and when that is still being made.</summary>
    private static readonly TimeSpan AskingLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EarlyAskingLimit = TimeSpan.FromMinutes(15);

    /// <summary>
    /// A test instance that nobody could delete is deleted by the cloud. Longer than any verification takes, with the deployment that it waits for.
    /// </summary>
    private static readonly TimeSpan TestRunLimit = TimeSpan.FromHours(1);

    private PrimeService(DeploymentOptions options, PrimeServiceParts parts) : base(options, parts.All) => Parts = parts;

    internal PrimeServiceParts Parts { get; }

    /// <summary>Says what is wanted. Reads the startup scripts and the program, for their hashes, but asks no cloud.</summary>
    /// <exception cref="DeploymentRefusedException">The options are not valid: every problem of <see
    /// cref="DeploymentOptions.Validate"/>.</exception>
    public static PrimeService Describe(DeploymentOptions options)
    {
        if (options.Validate() is { Count: > 0 } problems) throw new DeploymentRefusedException(problems);

        string Named(string name) => options.Prefix + name;
        var network = options.Network;
        var program = ObjectContent.OfFile(options.Program);
        var bucket = new Bucket(options.BucketName, Step.Bucket);
        var programFile = new BucketObject($"primes/{program.Sha256}/primes", Step.Bucket, bucket, program);
        var scripts = OptionRules.Scripts.ToDictionary(script => script, script =>
        {
            var content = StartupScript.Read(Path.Combine(options.StartupScripts, script));
            return new BucketObject($"startup/{content.Sha256[..8]}/{script}", Step.Bucket, bucket, content);
        });
        var access = new SubnetworkAccess(network, Step.Bucket);

        MachineParts Machine(string type, string role, bool external, string script, params (string Key, string Value)[] more) =>
            new(type, Named(role), external, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["startup-script-url"] = $"gs://{bucket.Name}/{scripts[script].Name}",
                ["primes-bucket"] = bucket.Name,
                ["primes-object"] = programFile.Name,
                ["primes-sha256"] = program.Sha256,
            }.Concat(more.Select(item => KeyValuePair.Create(item.Key, item.Value))).ToDictionary(StringComparer.Ordinal));

        FirewallRule Allow(string name, Step step, IReadOnlyList<string>? from, string to) =>
            new(Named(name), step, network, Port, from, from is null ? access : null, Named(to)) { After = from is null ? [access] : [] };

        var template = new InstanceTemplate(
            Named("primecalc"), Step.Template, network, Machine(options.MachineType, "backend", external: false, "backend.sh"))
        {
            After = [programFile, scripts["backend.sh"]],
        };

        var http = Allow("http", Step.Firewall, from: null, to: "backend");
        var probers = Allow("http-health-check", Step.Firewall, ProberRanges, to: "backend");

        // Reserved before the first machine is made: any machine may get the address otherwise.
        var address = new ReservedAddress(Named("prime-lb"), Step.InstanceGroup, network, options.RequestedAddress);
        var healing = new HealthCheck(Named("backend-healing"), Step.InstanceGroup, "/2", Port, ProbeRhythm.Healing);
        // A machine that boots before it can reach the bucket waits for it in vain; it is healthy only when health checks reach it.
        var group = new ManagedInstanceGroup(Named("backend"), Step.InstanceGroup, template, healing, options.Size)
        {
            After = [address, access],
            SettlesAfter = [probers],
        };

        var health = new HealthCheck(Named("ilb-health"), Step.HealthCheck, "/2", Port, ProbeRhythm.Balancing);
        var service = new BackendService(Named("prime-service"), Step.BackendService, group, health);
        var rule = new ForwardingRule(Named("prime-lb"), Step.ForwardingRule, network, Port, service, address);

        (string, string) Upstream(Observed seen) => ("primes-upstream", $"http://{seen.Of(address)?.Address_}");
        var http2 = Allow("http2", Step.Frontend, ["0.0.0.0/0"], to: "frontend");
        var frontendAddress = new ReservedAddress(Named("frontend"), Step.Frontend, network: null, address: null);
        var frontend = new Instance(Named(FrontendName), Step.Frontend, network, seen =>
            Machine(options.FrontendMachineType, "frontend", external: true, "frontend.sh", Upstream(seen)), frontendAddress)
        {
            After = [programFile, scripts["frontend.sh"], address],
        };

        // A tag of its own, which no rule lets in: that it cannot be reached from outside is one of the proofs.
        Instance Test(TimeSpan limit) => new(Named("testinstance"), Step.Frontend, network, seen =>
            Machine(options.MachineType, "testinstance", external: true, "probe.sh",
                Upstream(seen), ("primes-ask", Questions), ("primes-expect", options.Size.ToString(CultureInfo.InvariantCulture)),
                ("primes-deadline", limit.TotalSeconds.ToString(CultureInfo.InvariantCulture))) with { RunLimit = TestRunLimit })
        {
            After = [programFile, scripts["probe.sh"], address],
        };

        Resource[] all =
        [
            bucket, programFile, .. scripts.Values, access, template, http, probers, address, healing, group, health, service, rule, http2,
            frontendAddress, frontend,
        ];
        return new(options, new(all, access, group, service, rule, address, frontend, Test(AskingLimit), Test(EarlyAskingLimit),
            [.. Questions.Split(',').Select(int.Parse)]));
    }
}

/// <summary>
/// The resources that verification has to know one by one. The test instance is made and deleted by it, and is not among <paramref
/// name="All"/>.
/// </summary>
/// <param name="All">Everything that is deployed.</param>
/// <param name="Access">How machines without external addresses reach the bucket.</param>
/// <param name="Group">The backends.</param>
/// <param name="Service">What spreads connections over them.</param>
/// <param name="Rule">The load balancer's address and port.</param>
/// <param name="Address">The reservation of that address.</param>
/// <param name="Frontend">The public web server.</param>
/// <param name="TestInstance">The machine that asks from inside the network.</param>
/// <param name="EarlyTestInstance">The same, made while what it asks is still being made.</param>
/// <param name="Questions">The numbers that it asks.</param>
internal sealed record PrimeServiceParts(
    IReadOnlyList<Resource> All, SubnetworkAccess Access, ManagedInstanceGroup Group, BackendService Service, ForwardingRule Rule, ReservedAddress Address,
    Instance Frontend, Instance TestInstance, Instance EarlyTestInstance, IReadOnlyList<int> Questions);
