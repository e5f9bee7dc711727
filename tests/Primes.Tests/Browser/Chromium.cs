using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PrimeDeploy.Primes.Tests.Browser;

/// <summary>One tab of a headless Chromium, driven by its own protocol (https://chromedevtools.github.io/devtools-protocol/).</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly DirectoryInfo profile;
    private readonly ClientWebSocket socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> calls = new();
    private Task reading = Task.CompletedTask;
    private TaskCompletionSource loaded = new();
    private int lastCall;

    private Chromium(Process process, DirectoryInfo profile) => (this.process, this.profile) = (process, profile);

    /// <summary>What the console and the browser's log said, errors and warnings only.</summary>
    internal ConcurrentQueue<string> Complaints { get; } = new();

    internal static async Task<Chromium> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("primes-chromium");
        // Its sandbox refuses to run as root, as builds in containers do; the only page it sees is our own.
        var program = Process.Start(new ProcessStartInfo(
            "chromium",
            ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0", $"--user-data-dir={folder.FullName}", "about:blank"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var browser = new Chromium(program, folder);
        try
        {
            await browser.ConnectAsync().WaitAsync(Patience);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    internal Task NavigateAsync(Uri address) => LoadAsync(() => CallAsync("Page.navigate", new() { ["url"] = address.AbsoluteUri }));

    /// <summary>Does what makes the browser load another page, and waits until it has.</summary>
    internal async Task LoadAsync(Func<Task> act)
    {
        loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await act();
        await loaded.Task.WaitAsync(Patience);
    }

    /// <summary>The value of a script's expression, or of its promise.</summary>
    internal async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new() { ["expression"] = expression, ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.True(answer["exceptionDetails"] is null, answer["exceptionDetails"]?.ToJsonString());
        return answer["result"]!["value"];
    }

    internal async Task PressAsync(string key, int code, string text = "")
    {
        await CallAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyDown", ["key"] = key, ["windowsVirtualKeyCode"] = code, ["text"] = text });
        await CallAsync("Input.dispatchKeyEvent", new() { ["type"] = "keyUp", ["key"] = key, ["windowsVirtualKeyCode"] = code });
    }

    internal Task TypeAsync(string text) => CallAsync("Input.insertText", new() { ["text"] = text });

    internal Task PreferAsync(string colorScheme) => CallAsync(
        "Emulation.setEmulatedMedia", new() { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = colorScheme }) });

    internal Task ResizeAsync(int width, int height) => CallAsync(
        "Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    /// <summary>Keeps a picture of the page for who looks at it; nothing where the variable PRIMES_TEST_SCREENSHOTS names no folder.</summary>
    internal async Task KeepScreenshotAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("PRIMES_TEST_SCREENSHOTS") is not { Length: > 0 } folder)
            return;
        var picture = await CallAsync("Page.captureScreenshot", new() { ["format"] = "png" });
        await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), Convert.FromBase64String(picture["data"]!.GetValue<string>()));
    }

    internal async Task<JsonNode> CallAsync(string method, JsonObject? parameters = null)
    {
        var id = Interlocked.Increment(ref lastCall);
        var call = calls[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        return await call.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        await reading;
        socket.Dispose();
        process.Dispose();
        profile.Delete(recursive: true);
    }

    private async Task ConnectAsync()
    {
        const string announcement = "DevTools listening on ";
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync() ?? throw new InvalidOperationException($"Chromium ended with exit code {process.ExitCode} before it listened.");
        }
        while (!line.StartsWith(announcement, StringComparison.Ordinal));
        // Whatever it says from now on is of no interest, but has to go somewhere.
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

        using var http = new HttpClient();
        var targets = await http.GetFromJsonAsync<JsonArray>(new Uri($"http://{new Uri(line[announcement.Length..]).Authority}/json/list"));
        var tab = targets!.First(target => target!["type"]!.GetValue<string>() == "page")!;
        await socket.ConnectAsync(new Uri(tab["webSocketDebuggerUrl"]!.GetValue<string>()), CancellationToken.None);
        reading = ReadAsync();
        foreach (var domain in (string[])["Page", "Runtime", "Log", "Accessibility"])
            await CallAsync(domain + ".enable");
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[65_536];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer, CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                    continue;
                Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                message.SetLength(0);
            }
        }
        catch (WebSocketException)
        {
            // The browser has been ended.
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id && calls.TryRemove(id.GetValue<int>(), out var call))
        {
            if (message["error"] is { } error)
                call.SetException(new InvalidOperationException(error.ToJsonString()));
            else
                call.SetResult(message["result"]!);
            return;
        }

        switch (message["method"]?.GetValue<string>())
        {
            case "Page.loadEventFired":
                loaded.TrySetResult();
                break;
            case "Runtime.exceptionThrown" or "Runtime.consoleAPICalled" or "Log.entryAdded":
                Complaints.Enqueue(message["params"]!.ToJsonString());
                break;
        }
    }
}
