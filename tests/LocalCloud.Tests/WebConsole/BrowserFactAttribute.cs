namespace PrimeDeploy.LocalCloud.Tests.WebConsole;

/// <summary>A test with a browser; skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!Array.Exists(folders, folder => File.Exists(Path.Combine(folder, "chromium"))))
            Skip = "chromium is not installed here (Debian: apt-get install chromium).";
    }
}
