using System.Globalization;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What machines cost, for an estimate: list prices on demand, without discounts, traffic and taxes, of the cheapest American regions
/// (us-central1, us-east1, us-west1). Other regions cost up to half as much again.
/// </summary>
public static class PriceTable
{
    /// <summary>
    /// When the prices were looked up: machines as the Cloud Billing Catalog had them (https://cloud.google.com/billing/docs/how-to/get-pricing-information-api;
    /// "E2 Instance Core running in Americas" is SKU CF4E-A0C7-E3BF), which is what https://cloud.google.com/compute/vm-instance-pricing shows.
    /// </summary>
    public static DateOnly Date { get; } = new(2026, 9, 27);

    /// <summary>An external IPv4 address of a machine, whether it is reserved or not, dollars per hour (https://cloud.google.com/vpc/network-pricing).</summary>
    private const decimal ExternalAddress = 0.005m;

    /// <summary>
    /// A reserved external IPv4 address that nothing has, dollars per hour: the catalog's "Static Ip Charge", looked up at second hand on 2026-11-22. One
    /// of a machine that is stopped is in use.
    /// </summary>
    internal const decimal UnusedAddress = 0.01m;

    /// <summary>
    /// Up to five forwarding rules of a project cost the same together; here each is counted as if it were alone
    /// (https://cloud.google.com/load-balancing/pricing).
    /// </summary>
    private const decimal ForwardingRule = 0.025m;

    /// <summary>A standard boot disk of 10 GB at 0.04 dollars per GB and month of 730 hours (https://cloud.google.com/compute/disks-image-pricing).</summary>
    private const decimal BootDisk = 10 * 0.04m / 730;

    /// <summary>Dollars per hour for a processor and for a GB of memory, by family.</summary>
    private static readonly Dictionary<string, (decimal Processor, decimal Memory)> Families = new(StringComparer.Ordinal)
    {
        ["e2"] = (0.02181159m, 0.00292353m),
        ["n1"] = (0.031611m, 0.004237m),
        ["n2"] = (0.031611m, 0.004237m),
        ["n2d"] = (0.027502m, 0.003686m),
    };

    /// <summary>Machines that share processors are charged for a part of them: e2-micro 0.0084, e2-small 0.0168, e2-medium 0.0335 dollars per hour.</summary>
    private static readonly Dictionary<string, (decimal Processors, decimal Memory)> Shared = new(StringComparer.Ordinal)
    {
        ["e2-micro"] = (0.25m, 1), ["e2-small"] = (0.5m, 2), ["e2-medium"] = (1, 4),
    };

    /// <summary>A machine with its boot disk, in dollars per hour; null when the type is not in the table.</summary>
    /// <param name="type">For example e2-standard-2.</param>
    /// <param name="external">Whether it has an external address.</param>
    internal static decimal? Machine(string type, bool external)
    {
        var parts = type.Split('-');
        if (!Families.TryGetValue(parts[0], out var family) || SizeOf(type, parts) is not var (processors, memory)) return null;
        return (processors * family.Processor) + (memory * family.Memory) + BootDisk + (external ? ExternalAddress : 0);
    }

    /// <summary>A whole deployment as it is wanted, in dollars per hour; null when it has machines of types that are not in the table.</summary>
    /// <param name="options">What is wanted.</param>
    public static decimal? Deployment(DeploymentOptions options) =>
        (options.Size * Machine(options.MachineType, external: false)) + Machine(options.FrontendMachineType, external: true) + LoadBalancer;

    /// <summary>A load balancer, in dollars per hour.</summary>
    internal static decimal LoadBalancer => ForwardingRule;

    private static (decimal Processors, decimal Memory)? SizeOf(string type, string[] parts)
    {
        if (Shared.TryGetValue(type, out var shared)) return shared;
        if (parts.Length != 3 || !int.TryParse(parts[2], CultureInfo.InvariantCulture, out var processors)) return null;
        decimal? each = (parts[0], parts[1]) switch
        {
            ("n1", "standard") => 3.75m,
            ("n1", "highmem") => 6.5m,
            ("n1", "highcpu") => 0.9m,
            (_, "standard") => 4,
            (_, "highmem") => 8,
            (_, "highcpu") => 1,
            _ => null,
        };
        return each is { } memory ? (processors, processors * memory) : null;
    }
}
