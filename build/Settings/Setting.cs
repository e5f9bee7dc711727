namespace PrimeDeploy.Build.Settings;

/// <summary>One setting of the build: what it is called everywhere, what it means and what it may be.</summary>
/// <param name="Name">As an argument, <c>--machine-type</c>; in <c>cake.config</c> and the environment the hyphens are underscores.</param>
/// <param name="Default">What it is when nobody says otherwise; null when something else decides.</param>
/// <param name="Meaning">For people, one line.</param>
/// <param name="Allowed">For people, what it may be.</param>
internal sealed record Setting(string Name, string? Default, string Meaning, string Allowed)
{
    public string Argument => "--" + Name;

    /// <summary>The name in section [PrimeDeploy] of <c>cake.config</c>.</summary>
    public string Key => Name.Replace('-', '_');

    public string Environment => EnvironmentPrefix + Key.ToUpperInvariant();

    public const string Section = "PrimeDeploy";
    public const string EnvironmentPrefix = "CAKE_PRIMEDEPLOY_";

    public static readonly Setting Cloud = new("cloud", "local", "where to deploy", "local or google");
    public static readonly Setting Project = new("project", null, "the Google Cloud project", "a project id; needed with --cloud=google");
    public static readonly Setting DeploymentName = new("name", "lab", "the deployment's name; every name but lab prefixes its resources", "a-z, 0-9 and -, starting with a letter, at most 30 characters");
    public static readonly Setting Zone = new("zone", "us-west1-b", "the zone of the machines; its region has the load balancer", "a Compute Engine zone");
    public static readonly Setting Size = new("size", "3", "machines behind the load balancer", "a whole number from 1 to 1000");
    public static readonly Setting MachineType = new("machine-type", "e2-medium", "machine type of the backends", "a machine type of the zone");
    public static readonly Setting FrontendMachineType = new("frontend-machine-type", "e2-standard-2", "machine type of the frontend", "a machine type of the zone");
    public static readonly Setting Address = new("address", null, "the load balancer's internal address (10.138.0.10 for the deployment lab, else allocated)", "an unused IPv4 address of the region's subnet");
    public static readonly Setting Bucket = new("bucket", null, "the bucket for startup scripts and program (named after project and deployment)", "a Cloud Storage bucket name");
    public static readonly Setting Ttl = new("ttl", null, "time to live: afterwards TeardownExpired takes the deployment (for ever)", "90s, 30m, 8h or 7d; from 1m to 365d");
    public static readonly Setting Owner = new("owner", null, "for whom it is, as Status shows it (who runs the pipeline, or the user)", "a-z, 0-9, - and _, at most 63 characters");
    public static readonly Setting Deadline = new("deadline", "5m", "how long a new machine may take until it is healthy, before the group is rolled back", "10s to 1h");
    public static readonly Setting Adopt = new("adopt", null, "takes over what others made under a wanted name, instead of stopping", "true or false");
    public static readonly Setting Wait = new("wait", null, "waits while another run works on the deployment, instead of stopping", "true or false");
    public static readonly Setting Output = new("output", "text", "how Plan, Status and Graph are printed; json is alone on standard output", "text or json");
    public static readonly Setting DetailedExitCode = new("detailed-exitcode", null, "Plan ends with exit code 2 when there are changes", "true or false");
    public static readonly Setting Log = new("log", "text", "what standard output gets: text for people, or every event as a line of JSON", "text or json");
    public static readonly Setting Machines = new("machines", null, "what the local cloud's machines are (as it has it; a new one: namespaces where the host can)", "namespaces or none (simulated)");
    public static readonly Setting Init = new("init", null, "what the local cloud's machines boot with (as it has it; a new one: light)", "light or systemd");
    public static readonly Setting Latency = new("latency", null, "how long the local cloud's operations take (as it has it; a new one: instant)", "instant or realistic");
    public static readonly Setting Port = new("port", null, "the local cloud's port on 127.0.0.1 (as it has it; a new one: 9900)", "0 (any free one) to 65535");
    public static readonly Setting State = new("state", ".primedeploy/local-cloud", "the local cloud's folder", "a folder");
    public static readonly Setting Action = new("action", "plan", "what the run that --target=Dispatch starts does", "plan, deploy, verify or teardown");
    public static readonly Setting Ref = new("ref", "main", "the branch or tag that --target=Dispatch runs on", "a branch or tag of the repository on GitHub");

    public static readonly IReadOnlyList<Setting> All =
    [
        Cloud, Project, DeploymentName, Zone, Size, MachineType, FrontendMachineType, Address, Bucket, Ttl, Owner, Deadline, Adopt, Wait,
        Output, DetailedExitCode, Log, Machines, Init, Latency, Port, State, Action, Ref,
    ];
}
