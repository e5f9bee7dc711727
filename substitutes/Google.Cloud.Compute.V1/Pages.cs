using System.Collections;
using Google.Api.Gax.Grpc;

namespace Google.Cloud.Compute.V1;

// Every list request and its answer, as pages of one list.

public sealed partial class ListAddressesRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class AddressList : IPageResponse<Address>
{
    public IEnumerator<Address> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListRegionBackendServicesRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class BackendServiceList : IPageResponse<BackendService>
{
    public IEnumerator<BackendService> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListFirewallsRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class FirewallList : IPageResponse<Firewall>
{
    public IEnumerator<Firewall> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListForwardingRulesRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class ForwardingRuleList : IPageResponse<ForwardingRule>
{
    public IEnumerator<ForwardingRule> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListHealthChecksRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class HealthCheckList : IPageResponse<HealthCheck>
{
    public IEnumerator<HealthCheck> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListInstanceGroupManagersRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class InstanceGroupManagerList : IPageResponse<InstanceGroupManager>
{
    public IEnumerator<InstanceGroupManager> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListErrorsInstanceGroupManagersRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class InstanceGroupManagersListErrorsResponse : IPageResponse<InstanceManagedByIgmError>
{
    public IEnumerator<InstanceManagedByIgmError> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListManagedInstancesInstanceGroupManagersRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class InstanceGroupManagersListManagedInstancesResponse : IPageResponse<ManagedInstance>
{
    public IEnumerator<ManagedInstance> GetEnumerator() => ManagedInstances.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListInstancesRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class InstanceList : IPageResponse<Instance>
{
    public IEnumerator<Instance> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListInstanceTemplatesRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class InstanceTemplateList : IPageResponse<InstanceTemplate>
{
    public IEnumerator<InstanceTemplate> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListMachineTypesRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class MachineTypeList : IPageResponse<MachineType>
{
    public IEnumerator<MachineType> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListNetworksRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class NetworkList : IPageResponse<Network>
{
    public IEnumerator<Network> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListRegionsRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class RegionList : IPageResponse<Region>
{
    public IEnumerator<Region> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListSubnetworksRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class SubnetworkList : IPageResponse<Subnetwork>
{
    public IEnumerator<Subnetwork> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

public sealed partial class ListZonesRequest : IPageRequest
{
    /// <summary>The same as <see cref="MaxResults"/>.</summary>
    public int PageSize { get => checked((int)MaxResults); set => MaxResults = checked((uint)value); }
}

public sealed partial class ZoneList : IPageResponse<Zone>
{
    public IEnumerator<Zone> GetEnumerator() => Items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
