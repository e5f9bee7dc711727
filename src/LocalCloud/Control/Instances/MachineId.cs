using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PrimeDeploy.LocalCloud.Control.Instances;

/// <summary>Ids of machines: they name kernel objects, which are too short for an instance's name.</summary>
internal static class MachineId
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Gives the instance document a machine id, 10 random characters of [a-z0-9], unless it has one.</summary>
    public static void Ensure(JsonObject instance)
    {
        if (Local.GetString(instance, Local.Machine) is null)
            Local.Set(instance, Local.Machine, "m" + RandomNumberGenerator.GetString(Digits, 9));
    }
}
