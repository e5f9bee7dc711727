// `dotnet cake` is ./build.sh (on Windows build.ps1): the tasks are in build/, this hands the arguments on as they came.
var start = IsRunningOnWindows()
    ? new System.Diagnostics.ProcessStartInfo("powershell", ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "build.ps1"])
    : new System.Diagnostics.ProcessStartInfo("./build.sh");
foreach (var argument in System.Environment.GetCommandLineArgs().Skip(1).SkipWhile(argument => argument.EndsWith(".cake")))
    start.ArgumentList.Add(argument);

// Ctrl-C reaches the build too: it ends in its own time, and says how.
System.Console.CancelKeyPress += (_, pressed) => pressed.Cancel = true;
var build = System.Diagnostics.Process.Start(start);
build.WaitForExit();
System.Environment.Exit(build.ExitCode);
