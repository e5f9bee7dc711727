using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Tests.Startup;

namespace PrimeDeploy.Primes.Tests.Browser;

/// <summary>The page as people meet it, in a browser.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private Server backend = null!;
    private Server frontend = null!;

    public async Task InitializeAsync()
    {
        backend = await Server.BackendAsync();
        frontend = await Server.FrontendAsync(backend.Address);
    }

    public async Task DisposeAsync()
    {
        await frontend.DisposeAsync();
        await backend.DisposeAsync();
    }

    [ToolFact("chromium")]
    public async Task A_hundred_cells_are_shown_in_the_right_colours_and_primes_have_a_mark_that_is_read_aloud()
    {
        await using var browser = await Chromium.StartAsync();
        await browser.NavigateAsync(At("/"));

        var cells = (JsonArray)(await browser.EvaluateAsync(
            "[...document.querySelectorAll('td')].map(cell => [cell.innerText, getComputedStyle(cell).backgroundColor, getComputedStyle(cell, '::after').content])"))!;
        Assert.Equal(100, cells.Count);
        for (var i = 0; i < 100; i++)
        {
            var isPrime = PrimalityTest.IsPrime((ulong)i + 1);
            Assert.Equal(
                [$"{i + 1}", isPrime ? "rgb(0, 255, 0)" : "rgb(255, 0, 0)", isPrime ? "\" ✓\" / \", prime\"" : "none"],
                cells[i]!.AsArray().Select(part => part!.GetValue<string>()));
        }

        var tree = (await browser.CallAsync("Accessibility.getFullAXTree"))["nodes"]!.AsArray();
        var names = tree.Where(node => node!["role"]?["value"]?.GetValue<string>() is "cell" or "gridcell" or "LayoutTableCell")
            .Select(node => node!["name"]?["value"]?.GetValue<string>() ?? "");
        Assert.Equal(25, names.Count(name => name.EndsWith(", prime", StringComparison.Ordinal)));
        Assert.Empty(browser.Complaints);
    }

    [ToolFact("chromium")]
    public async Task Everything_can_be_reached_and_done_by_keyboard()
    {
        await using var browser = await Chromium.StartAsync();
        await browser.NavigateAsync(At("/101"));

        var reached = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            await TabAsync();
            reached.Add((await browser.EvaluateAsync("document.activeElement.rel || document.activeElement.id || document.activeElement.className || document.activeElement.localName"))!.GetValue<string>());
        }

        Assert.Equal(["prev", "start", "button", "next", "matrix", "summary"], reached);
        Assert.Equal("3px", (await browser.EvaluateAsync("getComputedStyle(document.activeElement).outlineWidth"))!.GetValue<string>());

        await browser.NavigateAsync(At("/101"));
        await TabAsync();
        await browser.LoadAsync(EnterAsync);
        Assert.Equal("/1", await PathAsync());

        await TabAsync();
        await browser.TypeAsync("1000000007");
        await browser.LoadAsync(EnterAsync);
        Assert.Equal("/1000000007", await PathAsync());

        await browser.LoadAsync(() => browser.EvaluateAsync("document.querySelector('[rel=next]').click()"));
        Assert.Equal("/1000000107", await PathAsync());
        Assert.Empty(browser.Complaints);

        Task TabAsync() => browser.PressAsync("Tab", 9);
        Task EnterAsync() => browser.PressAsync("Enter", 13, "\r");
        async Task<string> PathAsync() => (await browser.EvaluateAsync("location.pathname"))!.GetValue<string>();
    }

    [ToolFact("chromium")]
    public async Task Accessibility_checks_find_nothing_in_light_dark_and_narrow()
    {
        await using var empty = await Server.FrontendAsync(Nobody.Address, pageDeadline: TimeSpan.FromMilliseconds(100));
        await using var browser = await Chromium.StartAsync();
        foreach (var (name, address, scheme, width) in ((string, Uri, string, int)[])
                 [
                     ("light", At("/"), "light", 1_100),
                     ("dark", At("/101"), "dark", 1_100),
                     ("narrow", At("/10000"), "light", 360),
                     ("long", At("/1000000000000000000"), "light", 800),
                     ("huge", At("/1" + new string('0', 100)), "dark", 1_100),
                     ("unknown", new Uri(empty.Address, "/1"), "dark", 1_100),
                 ])
        {
            await browser.PreferAsync(scheme);
            await browser.ResizeAsync(width, 900);
            await browser.NavigateAsync(address);
            await browser.KeepScreenshotAsync(name);

            await browser.EvaluateAsync(new BundledAxeScriptProvider().GetScript());
            var violations = (await browser.EvaluateAsync("axe.run().then(found => found.violations.map(violation => violation.id + ': ' + violation.nodes.map(node => node.html).join(' ')))"))!.AsArray();
            Assert.True(violations.Count == 0, $"{name}: {violations.ToJsonString()}");

            Assert.Equal(scheme == "dark" ? "rgb(22, 24, 28)" : "rgb(255, 255, 255)", (await browser.EvaluateAsync("getComputedStyle(document.body).backgroundColor"))!.GetValue<string>());
            Assert.True((await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth"))!.GetValue<bool>(), $"The page {name} is wider than its window.");
        }
    }

    private Uri At(string path) => new(frontend.Address, path);
}
