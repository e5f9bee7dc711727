using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

/// <summary>A test whose machines boot with systemd; skipped with the reason where this host cannot do that.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    public SystemdFactAttribute() => Skip = HostMachines.WhyNot(MachineInit.Systemd);
}
