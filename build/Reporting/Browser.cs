using Cake.Common;
using Cake.Common.Diagnostics;
using Cake.Core;
using Cake.Core.IO;
using Path = System.IO.Path;

namespace PrimeDeploy.Build.Reporting;

/// <summary>A Chromium of this computer, without a window.</summary>
internal static class Browser
{
    public static readonly IReadOnlyList<string> Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome.exe", "msedge", "msedge.exe"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <exception cref="CakeException">There is no address, no browser, or no picture came.</exception>
    public static void Screenshot(ICakeContext context, Uri? address, string file)
    {
        if (address is null)
            throw new CakeException("The frontend has no address that could be opened.");
        var browser = Names.Select(context.Tools.Resolve).FirstOrDefault(found => found is not null)
            ?? throw new CakeException($"There is no Chromium on PATH to take the picture; looked for {string.Join(", ", Names)}. On Debian and Ubuntu: apt-get install chromium.");

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        var profile = Directory.CreateTempSubdirectory("primedeploy-browser-");
        try
        {
            // No sandbox, because root has none; the page is our own. Nothing else is to be fetched.
            string[] arguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-background-networking", "--disable-component-update",
                "--hide-scrollbars", "--window-size=1280,1000", $"--user-data-dir={profile.FullName}", $"--screenshot={file}", address.AbsoluteUri,
            ];
            var settings = new ProcessSettings
            {
                Arguments = arguments.Aggregate(new ProcessArgumentBuilder(), (all, argument) => all.AppendQuoted(argument)),
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Timeout = (int)Patience.TotalMilliseconds,
            };
            var exitCode = context.StartProcess(browser, settings, out _, out var said);
            if (exitCode != 0 || !File.Exists(file))
                throw new CakeException($"{browser} took no picture of {address} (exit code {exitCode}):\n{string.Join('\n', said)}");
        }
        finally
        {
            profile.Delete(recursive: true);
        }
        context.Information("{0}", $"{file}: {new FileInfo(file).Length / 1024} KiB");
    }
}
