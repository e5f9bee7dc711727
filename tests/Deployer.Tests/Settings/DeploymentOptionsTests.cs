namespace PrimeDeploy.Deployer.Tests.Settings;

public sealed class DeploymentOptionsTests
{
    [Fact]
    public void Every_problem_is_reported_at_once_with_setting_value_and_what_is_allowed()
    {
        var options = new DeploymentOptions
        {
            Name = "Lab_1",
            Project = "x",
            Zone = "west",
            Size = 0,
            MachineType = "E2 medium",
            Network = "Default",
            Address = "10.138.10",
            Bucket = "a",
            TimeToLive = TimeSpan.FromSeconds(5),
            StartupScripts = "no-such-folder",
            Program = "no-such-file",
        };

        Assert.Equal(
            [
                "name: 'Lab_1' is not a deployment name. Allowed are 1 to 30 lower-case letters, digits and dashes; it starts with a letter and does not end with a dash.",
                "project: 'x' is not a project id. Allowed are 6 to 30 lower-case letters, digits and dashes; it starts with a letter and does not end with a dash.",
                "zone: 'west' is not a zone. A zone is a region and a letter, for example us-west1-b.",
                "network: 'Default' is not the name of a network. Allowed are 1 to 63 lower-case letters, digits and dashes, for example default.",
                "bucket: 'a' is not a bucket name. Allowed are 3 to 63 lower-case letters, digits, dashes, underscores and dots; it starts and ends with a letter or digit.",
                "size: '0' is not a number of backends. Allowed is a whole number from 1 to 1000.",
                "machine-type: 'E2 medium' is not the name of a machine type. It looks like e2-medium.",
                "address: '10.138.10' is not an IPv4 address. It is four numbers from 0 to 255, for example 10.138.0.10, inside the subnet of the region.",
                "ttl: '00:00:05' is out of range. Allowed is from one minute (1m) to 365 days (365d).",
                "startup-scripts: 'no-such-folder' is not a folder. It has to hold backend.sh, frontend.sh, probe.sh.",
                "program: 'no-such-file' does not exist. Publish it first: dotnet publish src/Primes.",
            ],
            options.Validate().Select(problem => problem.ToString()));
    }

    [Fact]
    public void Tearing_down_needs_neither_scripts_nor_program()
    {
        var options = new DeploymentOptions { Project = "my-project", Program = "gone" };

        Assert.Empty(options.ValidateTarget());
        Assert.Contains(options.Validate(), problem => problem.Setting == "program");
    }

    [Fact]
    public void A_folder_that_lacks_a_script_is_named_with_the_script()
    {
        using var workplace = new Workplace();
        File.Delete(Path.Combine(workplace.Scripts, "probe.sh"));

        var problem = Assert.Single(workplace.Options.Validate());

        Assert.Equal($"startup-scripts: '{workplace.Scripts}' has no probe.sh. It has to hold backend.sh, frontend.sh, probe.sh.",
            problem.ToString());
    }

    [Fact]
    public void A_script_that_sources_what_is_not_there_is_named_with_it()
    {
        using var workplace = new Workplace();
        File.WriteAllText(Path.Combine(workplace.Scripts, "probe.sh"), "source \"${BASH_SOURCE[0]%/*}/machine.sh\"\n");

        var problem = Assert.Single(workplace.Options.Validate());

        Assert.Equal($"startup-scripts: '{workplace.Scripts}' has no machine.sh, which probe.sh sources.", problem.ToString());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1001)]
    public void A_size_outside_1_to_1000_is_refused(int size)
    {
        using var workplace = new Workplace();

        Assert.Equal("size", Assert.Single((workplace.Options with { Size = size }).Validate()).Setting);
    }

    [Theory]
    [InlineData("lab", "us-west1-b", "10.138.0.10")]
    [InlineData("lab", "europe-west1-c", null)]
    [InlineData("pr-42", "us-west1-b", null)]
    public void Only_the_lab_in_its_own_region_takes_the_labs_address(string name, string zone, string? address) =>
        Assert.Equal(address, new DeploymentOptions { Name = name, Zone = zone }.RequestedAddress);

    [Fact]
    public void Other_names_than_lab_prefix_every_resource_and_have_their_own_bucket()
    {
        Assert.Equal("", new DeploymentOptions().Prefix);
        var other = new DeploymentOptions { Name = "pr-42", Project = "my-project" };

        Assert.Equal("pr-42-", other.Prefix);
        Assert.Equal("my-project-primedeploy-pr-42", other.BucketName);
    }

    [Fact]
    public void A_derived_bucket_name_never_gets_too_long_and_stays_unique()
    {
        var project = new string('p', 30);
        var names = new[] { new string('a', 30), new string('a', 29) + "b" }
            .Select(name => new DeploymentOptions { Name = name, Project = project }.BucketName).ToList();

        Assert.All(names, name => Assert.InRange(name.Length, 3, 63));
        Assert.NotEqual(names[0], names[1]);
    }
}
