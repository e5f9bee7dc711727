namespace PrimeDeploy.Workflows.Tests;

/// <summary>A test that executes the lab as it is, with machines that boot and a browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LabFactAttribute : FactAttribute
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    public LabFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Skip = "Machines are Linux namespaces, which need root.";
        else if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => Browsers.Any(browser => File.Exists(Path.Combine(folder, browser)))))
            Skip = "There is no Chromium here to take the frontend's picture.";
    }
}
