using System.Diagnostics;
using System.Text;
using PrimeDeploy.LocalCloud.Machines;
using PrimeDeploy.LocalCloud.Tests.Api;
using PrimeDeploy.LocalCloud.Tests.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Commands;

/// <summary><c>local-cloud ssh</c>, as it is called from a shell.</summary>
public sealed class SshTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [NamespacesFact]
    public async Task A_terminal_gets_a_prompt_that_can_be_interrupted_and_its_exit_code_and_a_pipe_gets_what_the_command_prints()
    {
        await using var cloud = await TestCloud.StartAsync(o => o with { Machines = MachineMode.Namespaces });
        await cloud.DoAsync("POST", "zones/us-west1-b/instances", """
            {"name":"web","machineType":"zones/us-west1-b/machineTypes/e2-medium",
             "disks":[{"boot":true,"autoDelete":true,"initializeParams":{"sourceImage":"projects/debian-cloud/global/images/family/debian-12"}}],
             "networkInterfaces":[{"network":"global/networks/default"}]}
            """);
        string[] ssh = ["dotnet", Path.Combine(AppContext.BaseDirectory, "PrimeDeploy.LocalCloud.dll"), "ssh", "web", "--port", $"{cloud.Server.Endpoint.Port}"];

        using var piped = Start([.. ssh, "--", "sh", "-c", "echo $(hostname) $HOME $(pwd); cat; exit 5"]);
        await piped.StandardInput.WriteAsync("from the pipe");
        piped.StandardInput.Close();
        Assert.Equal("web /root /root\nfrom the pipe", await piped.StandardOutput.ReadToEndAsync().WaitAsync(Patience));
        await piped.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(5, piped.ExitCode);

        // "script" is the terminal that a person would sit at.
        using var terminal = Start(["script", "--quiet", "--return", "--command", string.Join(' ', ssh), "/dev/null"]);
        var screen = new StringBuilder();
        await UntilAsync("root@web:~#");
        await TypeAsync("echo sum $((40 + 2))\n");
        await UntilAsync("sum 42");
        // It tells from the foreground: Ctrl-C before that is for the shell, which goes on with the command.
        await TypeAsync("sh -c 'echo asleep; exec sleep 1000'; echo code $?\n");
        await UntilAsync("\nasleep");
        await TypeAsync("\u0003");
        await UntilAsync("^C");
        await TypeAsync("trap 'echo interrupted' INT; [[ -t 0 ]] && echo with a terminal; exit 7\n");
        await UntilAsync("with a terminal");
        await terminal.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(7, terminal.ExitCode);

        async Task TypeAsync(string text)
        {
            await terminal.StandardInput.WriteAsync(text);
            await terminal.StandardInput.FlushAsync();
        }

        async Task UntilAsync(string text)
        {
            var buffer = new char[4096];
            while (!screen.ToString().Contains(text, StringComparison.Ordinal))
            {
                var length = await terminal.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(Patience);
                Assert.True(length > 0, $"\"{text}\" did not come:\n{screen}");
                screen.Append(buffer, 0, length);
            }
        }
    }

    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
    {
        UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, Environment = { ["TERM"] = "dumb" },
    })!;
}
