namespace PrimeDeploy.Deployer.Tests.Resources;

public sealed class StartupScriptTests
{
    [Fact]
    public async Task What_a_script_sources_is_part_of_the_one_file_that_the_machine_gets()
    {
        using var workplace = new Workplace();
        var script = Path.Combine(workplace.Scripts, "backend.sh");
        File.WriteAllText(Path.Combine(workplace.Scripts, "machine.sh"), "echo $HOME \\1\n");
        File.WriteAllText(script, "role=backend\nsource \"${BASH_SOURCE[0]%/*}/machine.sh\"\nsource /etc/profile\n");

        var content = StartupScript.Read(script);

        using var reader = new StreamReader(content.Open());
        Assert.Equal("role=backend\necho $HOME \\1\n\nsource /etc/profile\n", await reader.ReadToEndAsync());
    }
}
