using System.Text.RegularExpressions;
using Google.Cloud.Compute.V1;

namespace PrimeDeploy.Deployer;

/// <summary>What a machine wrote to serial port 1: its boot, and the startup script's output.</summary>
internal sealed partial class SerialPort(CloudApi api, string instance)
{
    private long _next;

    /// <summary>What came since the last time.</summary>
    public async Task<string> ReadNewAsync(CancellationToken cancellationToken)
    {
        var output = await api.ReadAsync($"read the serial port of {instance}", call => api.Cloud.Instances.GetSerialPortOutputAsync(
            new GetSerialPortOutputInstanceRequest { Project = api.Project, Zone = api.Zone, Instance = instance, Port = 1,
                Start = _next }, call), cancellationToken);
        _next = output.Next;
        return output.Contents;
    }

    /// <summary>Whether the startup script gave up: waiting longer is in vain.</summary>
    public static bool TellsOfFailure(string? output) => output is not null && Failure().IsMatch(output);

    /// <summary>
    /// How a startup script says that it failed: its own last word, or the guest agent's (https://cloud.google.com/compute/docs/instances/startup-scripts/linux).
    /// </summary>
    [GeneratedRegex("primedeploy: failed .*|Script \"startup-script(-url)?\" failed with error.*", RegexOptions.ExplicitCapture, 1000)]
    public static partial Regex Failure();

    /// <summary>The last lines of all, as evidence; what went wrong when not even those can be had.</summary>
    public static async Task<string> EndAsync(CloudApi api, string instance, CancellationToken cancellationToken)
    {
        const int Lines = 15;
        try
        {
            var all = await new SerialPort(api, instance).ReadNewAsync(cancellationToken);
            var lines = all.TrimEnd().Split('\n');
            return $"The end of the serial output of {instance}:\n{string.Join('\n', lines[Math.Max(0, lines.Length - Lines)..])}";
        }
        catch (CloudException exception)
        {
            return exception.Message;
        }
    }
}
