using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Operations;
using PrimeDeploy.LocalCloud.Server;

namespace PrimeDeploy.LocalCloud.Tests.Server;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_may_be_written_with_a_space_or_an_equals_sign()
    {
        var options = CommandLine.Parse(["--port", "0", "--state=/tmp/x", "--machines", "none", "--init=systemd", "--latency=realistic"]).Options!;
        Assert.Equal((0, "/tmp/x", MachineMode.None, MachineInit.Systemd, LatencyProfile.Realistic), (options.Port, options.StateDirectory, options.Machines, options.Init, options.Latency));
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var command = CommandLine.Parse(["--port", "70000", "--machines=some", "--init=upstart", "--latency", "--color", "x"]);
        Assert.Null(command.Options);
        Assert.Equal(
        [
            "--port is '70000'. Allowed are whole numbers from 0 to 65535.",
            "--machines is 'some'. Allowed are namespaces and none.",
            "--init is 'upstart'. Allowed are light and systemd.",
            "--latency needs a value.",
            "Unknown option '--color'. Allowed are --port, --state, --machines, --init, --latency and --help.",
            "Unknown option 'x'. Allowed are --port, --state, --machines, --init, --latency and --help.",
        ], command.Errors);
    }
}
