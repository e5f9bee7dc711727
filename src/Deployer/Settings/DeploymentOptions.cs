namespace PrimeDeploy.Deployer;

/// <summary>
/// What a user decides about a deployment. The defaults are the values of Google's lab GSP041, "Use an Internal Application Load Balancer".
/// </summary>
public sealed record DeploymentOptions
{
    /// <summary>The name whose resources bear the lab's own names, without a prefix.</summary>
    public const string LabName = "lab";

    /// <summary>
    /// Deployments of other names have every resource prefixed with <c>NAME-</c>, so that many stand side by side. 1 to 30 characters.
    /// </summary>
    public string Name { get; init; } = LabName;

    /// <summary>The Google Cloud project's id. The local cloud takes any valid one.</summary>
    public string Project { get; init; } = "";

    /// <summary>Where the machines run. The region is derived from it.</summary>
    public string Zone { get; init; } = "us-west1-b";

    /// <summary>
    /// How many backends the group keeps running, 1 to 1000, the most of a zonal group (https://cloud.google.com/compute/docs/instance-groups). An internal
    /// passthrough load balancer spreads connections over 250 of them.
    /// </summary>
    public int Size { get; init; } = 3;

    /// <summary>Machine type of the backends.</summary>
    public string MachineType { get; init; } = "e2-medium";

    /// <summary>Machine type of the frontend.</summary>
    public string FrontendMachineType { get; init; } = "e2-standard-2";

    /// <summary>An auto mode VPC network; its subnet in the region bears the same name.</summary>
    public string Network { get; init; } = "default";

    /// <summary>
    /// The load balancer's IPv4 address, inside the region's subnet. Null for the lab's 10.138.0.10 where that is the lab's deployment in
    /// the lab's region, and otherwise for one that Google picks.
    /// </summary>
    public string? Address { get; init; }

    /// <summary>
    /// Bucket for the startup scripts and the program; bucket names are shared by the whole world. Null for one derived from project and
    /// name.
    /// </summary>
    public string? Bucket { get; init; }

    /// <summary>After this time the deployment may be torn down by anyone who collects what is expired; null for never.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// For whom it is, shown where deployments are listed; lower-case letters, digits, dashes and underscores. By default who runs the
    /// pipeline (GITHUB_ACTOR, BUILD_REQUESTEDFOR), or the machine's user.
    /// </summary>
    public string Owner { get; init; } = Owners.Default;

    /// <summary>
    /// How long a machine of a new version may take until it is healthy; then the group is rolled back to the version before. On Google
    /// Cloud a machine boots and fetches its program in 30 to 120 s.
    /// </summary>
    public TimeSpan HealthyDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The folder with <c>backend.sh</c>, <c>frontend.sh</c> and <c>probe.sh</c>.</summary>
    public string StartupScripts { get; init; } = Path.Combine("scripts", "startup");

    /// <summary>The published program that runs on the machines: one self-contained linux-x64 file.</summary>
    public string Program { get; init; } = "";

    /// <summary>The region of <see cref="Zone"/>: us-west1 for us-west1-b.</summary>
    public string Region => Zone.LastIndexOf('-') is var dash and > 0 ? Zone[..dash] : Zone;

    /// <summary>What every resource's name begins with: nothing for the lab, otherwise <c>NAME-</c>.</summary>
    public string Prefix => Name == LabName ? "" : Name + "-";

    /// <summary><see cref="Bucket"/>, or the derived name.</summary>
    public string BucketName => Bucket ?? BucketNames.Derive(Project, Name);

    /// <summary><see cref="Address"/>, or the lab's, or null when Google picks one.</summary>
    public string? RequestedAddress => Address ?? (Name == LabName && Region == "us-west1" ? "10.138.0.10" : null);

    /// <summary>Every problem that can be seen without asking the cloud; empty when there is none.</summary>
    public IReadOnlyList<SettingProblem> Validate() => [.. OptionRules.Target(this), .. OptionRules.Content(this)];

    /// <summary>
    /// The problems of only those settings that say where a deployment is: enough to tear it down, which needs neither scripts nor program.
    /// </summary>
    public IReadOnlyList<SettingProblem> ValidateTarget() => [.. OptionRules.Target(this)];
}
