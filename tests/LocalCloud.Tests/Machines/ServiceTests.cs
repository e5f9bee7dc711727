using PrimeDeploy.LocalCloud.Machines;

namespace PrimeDeploy.LocalCloud.Tests.Machines;

public sealed class ServiceTests
{
    private const string Unit = """
        cat >/etc/systemd/system/echo.service <<'EOF'
        [Unit]
        Description=Says what it got
        [Service]
        Type=exec
        Environment="GREETING=good day" OTHER=x%%y
        EnvironmentFile=-/etc/absent
        EnvironmentFile=/etc/echo.env
        WorkingDirectory=/var/tmp
        ExecStartPre=/bin/echo 'made ready' for %n
        ExecStart=/bin/bash -c 'trap "echo stopping; exit 0" TERM; echo "$0 ${GREETING} $FROM_FILE in $PWD"; while :; do sleep 0.1; done' "first word" \
          ignored
        Restart=always
        RestartSec=100ms
        TimeoutStopSec=5
        ProtectHome=yes
        [Install]
        WantedBy=multi-user.target
        EOF
        echo 'FROM_FILE="a file"' >/etc/echo.env
        """;

    [NamespacesFact]
    public async Task A_service_starts_restarts_when_it_dies_and_stops_on_request()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2);
        await lab.RunAsync(machine, Unit);

        Assert.Equal("inactive", await lab.RunAsync(machine, "systemctl is-active echo"));
        Assert.Equal("", await lab.RunAsync(machine, "systemctl daemon-reload; systemctl start echo"));
        var serial = await lab.WaitForSerialAsync(machine, "]: first word good day a file in /var/tmp\n");
        Assert.Contains("]: made ready for echo.service\n", serial, StringComparison.Ordinal);
        Assert.DoesNotContain("/usr/lib/primedeploy/", serial, StringComparison.Ordinal); // No word of the supervisor itself.
        Assert.Contains("systemd[1]: Started echo.service - Says what it got.\n", serial, StringComparison.Ordinal);
        Assert.Contains("ProtectHome= in section [Service] has no effect on this machine", serial, StringComparison.Ordinal);
        Assert.Equal("active", await lab.RunAsync(machine, "systemctl is-active echo.service"));

        await lab.RunAsync(machine, "kill -KILL $(systemctl status echo | sed -n 's/.*Main PID: //p')");
        await lab.WaitForSerialAsync(machine, "echo.service: Main process exited, code=killed, signal=KILL");
        await lab.WaitForSerialAsync(machine, "echo.service: Scheduled restart job, restart counter is at 1.");

        await lab.RunAsync(machine, "until systemctl is-active -q echo; do sleep 0.02; done");
        var before = machine.ReadSerial(0).Next;
        Assert.Equal("", await lab.RunAsync(machine, "systemctl restart echo"));
        await lab.WaitForSerialAsync(machine, "]: first word good day a file in /var/tmp\n", before);
        Assert.Equal("", await lab.RunAsync(machine, "systemctl stop echo"));
        Assert.Equal("inactive", await lab.RunAsync(machine, "systemctl is-active echo"));
        await lab.WaitForSerialAsync(machine, "]: stopping\n", before);
    }

    [NamespacesFact]
    public async Task Systemd_run_makes_a_service_of_a_command_and_waits_for_it_when_it_is_asked_to()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2);

        Assert.Equal("Running as unit: mine.service", await lab.RunAsync(machine, """systemd-run --unit=mine -p Restart=always --setenv=WORD='two words' /bin/bash -c 'echo "$WORD" 50% "$0"; sleep 1000' 'a "b" $c'"""));
        await lab.WaitForSerialAsync(machine, "]: two words 50% a \"b\" $c\n");
        Assert.Equal("active loaded", await lab.RunAsync(machine, "echo $(systemctl show mine --property=ActiveState,LoadState --value)"));
        Assert.NotEqual("0", await lab.RunAsync(machine, "systemctl show --property=MainPID --value mine"));
        Assert.Equal("systemd-run: there is a unit mine.service already", await lab.RunAsync(machine, "systemd-run --unit=mine true"));
        Assert.Equal("", await lab.RunAsync(machine, "systemctl stop mine"));

        Assert.Equal("done", await lab.RunAsync(machine, "systemd-run --quiet --wait --working-directory=/root bash -c 'sleep 0.2; echo $PWD >/root/where' && cat /root/where | sed s,/root,done,"));
        Assert.Equal("failed", await lab.RunAsync(machine, "systemd-run --quiet --wait false || echo failed"));
        Assert.Contains("is not known on this machine", await lab.RunAsync(machine, "systemd-run --on-active=30 true"), StringComparison.Ordinal);
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task An_enabled_service_runs_after_a_reboot_and_is_stopped_before_power_off(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var machine = await lab.BootAsync(2);
        await lab.RunAsync(machine, Unit);
        Assert.StartsWith("Created symlink /etc/systemd/system/multi-user.target.wants/echo.service", await lab.RunAsync(machine, "systemctl enable echo"), StringComparison.Ordinal);
        Assert.DoesNotContain("Started echo", machine.ReadSerial(0).Contents, StringComparison.Ordinal);
        await machine.StopAsync(TimeSpan.FromSeconds(20), lab.Deadline);

        machine = await lab.BootAsync(2);
        await lab.WaitForSerialAsync(machine, "]: first word good day a file in /var/tmp\n");
        await machine.StopAsync(TimeSpan.FromSeconds(20), lab.Deadline);
        Assert.Equal(MachineExit.PoweredOff, await machine.Exited);
        Assert.Contains("Stopped echo.service - Says what it got.\n", machine.ReadSerial(0).Contents, StringComparison.Ordinal);
    }

    [NamespacesFact]
    public async Task What_cannot_start_says_why_and_gives_up_after_five_attempts()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2);
        await lab.RunAsync(machine, "printf '[Service]\\nExecStart=/bin/false\\nRestart=on-failure\\nRestartSec=1ms\\n' >/etc/systemd/system/poor.service; systemctl start poor");

        await lab.WaitForSerialAsync(machine, "poor.service: Start request repeated too quickly.");
        Assert.Equal("failed", await lab.RunAsync(machine, "until systemctl is-failed -q poor; do sleep 0.02; done; systemctl is-active poor"));
        Assert.Equal("Unit absent.service could not be found: there is no /etc/systemd/system/absent.service.", await lab.RunAsync(machine, "systemctl start absent"));
        Assert.Contains("'list-timers' is not known on this machine", await lab.RunAsync(machine, "systemctl list-timers"), StringComparison.Ordinal);
    }

    [NamespacesFact]
    public async Task A_oneshot_service_and_a_user_are_honoured_and_sudo_and_logger_work()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2);
        await lab.RunAsync(machine, """
            printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nUser=nobody\nGroup=nogroup\nExecStart=/usr/bin/id -un\nExecStart=-/bin/false\n' >/etc/systemd/system/once.service
            systemctl enable --now once
            logger -t lab "a line for the log"; echo raw >/dev/console
            """);

        await lab.WaitForSerialAsync(machine, "]: nobody\n");
        Assert.Equal("active", await lab.RunAsync(machine, "systemctl is-active once"));
        await lab.WaitForSerialAsync(machine, "]: a line for the log\n");
        await lab.WaitForSerialAsync(machine, "\nraw\n");
        Assert.Equal("root nobody", await lab.RunAsync(machine, "echo $(sudo -E FOO=1 id -un) $(sudo -u nobody id -un)"));
    }

    [Theory, WithInit(MachineInit.Light), WithInit(MachineInit.Systemd)]
    public async Task A_failing_startup_script_is_reported_with_its_status_and_does_not_stop_the_machine(MachineInit init)
    {
        await using var lab = await MachineLab.OpenAsync(init);
        var machine = await lab.BootAsync(2, "echo out; echo err >&2; exit 3");
        var serial = await lab.WaitForSerialAsync(machine, "Finished running startup scripts.");

        Assert.Contains("]: Script \"startup-script\" failed with error: exit status 3\n", serial, StringComparison.Ordinal);
        Assert.Contains("]: startup-script: err\n", serial, StringComparison.Ordinal);
        Assert.Equal("machine2", await lab.RunAsync(machine, "hostname"));

        var idle = await lab.BootAsync(3);
        await lab.WaitForSerialAsync(idle, "No startup scripts to run.");
    }

    [NamespacesFact]
    public async Task A_service_can_be_restarted_again_and_again_and_a_stubborn_one_is_killed_after_its_time()
    {
        await using var lab = await MachineLab.OpenAsync();
        var machine = await lab.BootAsync(2);
        await lab.RunAsync(machine, Unit + """

            sed -i '/^Restart/d' /etc/systemd/system/echo.service
            printf '[Service]\nExecStart=/bin/bash -c "trap \\"\\" TERM; echo stubborn; while :; do sleep 0.1; done"\nTimeoutStopSec=300ms\n' >/etc/systemd/system/stubborn.service
            """);

        Assert.Equal("active", await lab.RunAsync(machine, "for ((i = 0; i < 15; i++)); do systemctl restart echo || exit; done; systemctl is-active echo"));
        await lab.RunAsync(machine, "systemctl start stubborn");
        await lab.WaitForSerialAsync(machine, "]: stubborn\n");
        Assert.Equal("", await lab.RunAsync(machine, "systemctl stop stubborn"));
        Assert.Contains("stubborn.service: State 'stop-sigterm' timed out. Killing.", machine.ReadSerial(0).Contents, StringComparison.Ordinal);
    }
}
