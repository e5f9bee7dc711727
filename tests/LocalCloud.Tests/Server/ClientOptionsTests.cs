using PrimeDeploy.LocalCloud.Commands;

namespace PrimeDeploy.LocalCloud.Tests.Server;

public sealed class ClientOptionsTests
{
    [Fact]
    public void What_comes_after_two_dashes_is_the_machines_command()
    {
        var options = ClientOptions.Parse(["--zone=us-west1-b", "backend-1", "--port", "9901", "--", "ls", "--all"], takesName: true);
        Assert.Empty(options.Errors);
        Assert.Equal(("us-west1-b", "backend-1", 9901), (options.Zone, options.Name, options.Port));
        Assert.Equal(["ls", "--all"], options.Command);
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var options = ClientOptions.Parse(["--port=0", "--project=lab", "--colour"], takesName: true);
        Assert.Equal(
        [
            "--port is '0'. Allowed are whole numbers from 1 to 65535.",
            "--project is 'lab'. Allowed are 6 to 30 lower-case letters, digits and dashes, starting with a letter, not ending with a dash.",
            "--colour is no option or needs a value. Allowed are --port, --project, --zone.",
            "Name the instance: local-cloud ssh NAME [-- COMMAND].",
        ], options.Errors);
    }

    [Fact]
    public void The_environment_points_gcloud_and_the_storage_libraries_at_the_port()
    {
        var text = EnvCommand.Text(9900, "my-project");
        Assert.Contains("export CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE=http://127.0.0.1:9900/compute/v1/\n", text, StringComparison.Ordinal);
        Assert.Contains("export STORAGE_EMULATOR_HOST=http://127.0.0.1:9900\n", text, StringComparison.Ordinal);
        Assert.Contains("export CLOUDSDK_CORE_PROJECT=my-project\n", text, StringComparison.Ordinal);
    }
}
