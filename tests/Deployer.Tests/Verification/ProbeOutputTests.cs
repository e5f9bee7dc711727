namespace PrimeDeploy.Deployer.Tests.Verification;

public sealed class ProbeOutputTests
{
    private const string Prefix = "Nov 22 13:00:01 testinstance google_metadata_script_runner[85]: startup-script-url: ";

    [Fact]
    public void Findings_are_read_from_among_other_lines_however_they_are_cut()
    {
        var text = string.Join('\n',
            "Nov 22 13:00:00 testinstance kernel: primes-probe",
            Prefix + "primedeploy: listening on port 80",
            Prefix + """primes-probe: {"seq":1,"ask":"/2","answer":"True","status":200,"right":true,"from":"10.138.0.10","servedBy":"backend-a1b2","ms":1.2}""",
            Prefix + """primes-probe: {"seq":2,"backend":"backend-a1b2","connection":1}""",
            Prefix + """primes-probe: {"seq":3,"ask":"/4","answer":"False","status":200,"right":true,"from":"10.138.0.10","servedBy":"backend-c3d4","ms":0.8}""",
            Prefix + """primes-probe: {"seq":4,"done":true,"ok":true,"asked":2,"backends":2,"expectedBackends":2,"connections":9,"ms":12.1}""",
            "");
        for (var size = 1; size < 80; size += 13)
        {
            var output = new ProbeOutput();
            foreach (var piece in text.Chunk(size)) output.Add(new string(piece));

            Assert.Equal([new("/2", "True", "backend-a1b2"), new("/4", "False", "backend-c3d4")], output.Answers);
            Assert.Equal(["backend-a1b2", "backend-c3d4"], output.Backends.Order());
            Assert.True(output.IsListening);
            Assert.True(output.IsDone);
            Assert.Null(output.Why);
        }
    }

    [Theory]
    [InlineData("primedeploy: failed probe: checking the program's hash (exit status 1)",
        "primedeploy: failed probe: checking the program's hash (exit status 1)")]
    [InlineData("Script \"startup-script-url\" failed with error: exit status 1",
        "Script \"startup-script-url\" failed with error: exit status 1")]
    [InlineData("""primes-probe: {"seq":9,"done":true,"ok":false,"why":"only 2 of 3 backends answered before the deadline"}""", "only 2 of 3 backends answered before the deadline")]
    public void A_failure_ends_it_and_says_why(string line, string why)
    {
        var output = new ProbeOutput();

        output.Add(Prefix + line + "\n");

        Assert.True(output.IsDone);
        Assert.Equal(why, output.Why);
    }

    [Fact]
    public void A_line_that_is_not_complete_is_not_read_yet()
    {
        var output = new ProbeOutput();

        output.Add("primes-probe: {\"seq\":1,\"done\":true,\"ok\":true}");
        Assert.False(output.IsDone);
        output.Add("\r\n");
        Assert.True(output.IsDone);
    }
}
