using System.Collections.Concurrent;
using System.Net;
using static PrimeDeploy.Primes.Tests.Frontend.Upstreams;

namespace PrimeDeploy.Primes.Tests.Frontend;

/// <summary>What becomes of a page when backends fail, hang, are slow or gone.</summary>
public sealed class UpstreamTests
{
    [Fact]
    public async Task Without_any_backend_the_page_comes_within_its_deadline_and_claims_nothing()
    {
        await using var frontend = await Server.FrontendAsync(Nobody.Address, pageDeadline: TimeSpan.FromMilliseconds(300));

        using var response = await frontend.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        var page = await response.Content.ReadAsStringAsync();
        Assert.All(Cells(page), cell => Assert.Equal("#9e9e9e", cell.Color));
        Assert.Contains("100 of 100 numbers could not be asked in time", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backend_that_hangs_for_some_rows_leaves_those_unknown_and_the_others_right()
    {
        await using var backend = await Server.StartAsync(context => From(context) is 31 or 71 ? Forever(context) : AnswerAsync(context));
        await using var frontend = await Server.FrontendAsync(backend.Address, pageDeadline: TimeSpan.FromSeconds(2), tryLimit: TimeSpan.FromMilliseconds(200));

        using var response = await frontend.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var cells = Cells(await response.Content.ReadAsStringAsync());
        Assert.Equal([.. Enumerable.Range(31, 10).Concat(Enumerable.Range(71, 10)).Select(number => number + " ?")], cells.Where(cell => cell.Color == "#9e9e9e").Select(cell => cell.Text));
        Assert.Equal(["31", "37", "71", "73", "79"], PrimesFrom(1).Except(cells.Where(cell => cell.Color == "#00ff00").Select(cell => cell.Text)));
    }

    [Fact]
    public async Task A_server_error_a_wrong_document_and_a_broken_connection_are_tried_again()
    {
        var tries = new ConcurrentDictionary<int, int>();
        await using var backend = await Server.StartAsync(context =>
        {
            switch (tries.AddOrUpdate(From(context), 1, (_, before) => before + 1))
            {
                case 1:
                    context.Response.StatusCode = 500;
                    return Task.CompletedTask;
                case 2:
                    return SayAsync(context, """{"from":"1","count":10,"primes":["1000"]}""");
                case 3:
                    context.Abort();
                    return Task.CompletedTask;
                default:
                    return AnswerAsync(context);
            }
        });
        await using var frontend = await Server.FrontendAsync(backend.Address);

        Assert.DoesNotContain(Cells(await frontend.Client.GetStringAsync("/")), cell => cell.Color == "#9e9e9e");
        Assert.All(tries.Values, count => Assert.Equal(4, count));
    }

    [Fact]
    public async Task A_try_that_hangs_is_made_again_on_another_connection()
    {
        var hung = new HashSet<string>();
        await using var backend = await Server.StartAsync(context =>
        {
            // As when the machine behind a connection is gone: the first four connections never carry an answer.
            lock (hung)
            {
                if (hung.Count < 4)
                    hung.Add(context.Connection.Id);
                return hung.Contains(context.Connection.Id) ? Forever(context) : AnswerAsync(context);
            }
        });
        await using var frontend = await Server.FrontendAsync(backend.Address, tryLimit: TimeSpan.FromMilliseconds(500));

        Assert.DoesNotContain(Cells(await frontend.Client.GetStringAsync("/")), cell => cell.Color == "#9e9e9e");
        Assert.Equal(4, hung.Count);
    }

    [Fact]
    public async Task A_backend_that_is_killed_and_comes_back_is_asked_again()
    {
        var backend = await Server.BackendAsync();
        await using var frontend = await Server.FrontendAsync(backend.Address);
        Assert.Equal(HttpStatusCode.OK, (await frontend.Client.GetAsync("/")).StatusCode);
        var port = backend.Address.Port;
        await backend.DisposeAsync();

        // The page is under way when its only backend comes back.
        var page = frontend.Client.GetStringAsync("/");
        await using var again = await Server.BackendAsync(port: port);

        Assert.DoesNotContain(Cells(await page), cell => cell.Color == "#9e9e9e");
    }

    [Fact]
    public async Task A_refusal_is_not_asked_again()
    {
        var tries = 0;
        await using var backend = await Server.StartAsync(context =>
        {
            Interlocked.Increment(ref tries);
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await using var frontend = await Server.FrontendAsync(backend.Address);

        using var response = await frontend.Client.GetAsync("/");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(10, tries);
    }

    [Fact]
    public async Task Keeps_connections_to_the_backend_and_uses_all_of_them_in_turn()
    {
        var connections = new ConcurrentDictionary<string, int>();
        await using var backend = await Server.StartAsync(context =>
        {
            connections.TryAdd(context.Connection.Id, 0);
            return AnswerAsync(context);
        });
        await using var frontend = await Server.FrontendAsync(backend.Address);

        for (var i = 0; i < 10; i++)
            await frontend.Client.GetStringAsync("/");

        // All of them, and no more, whoever asks: so all backends behind a load balancer are reached.
        Assert.Equal(32, connections.Count);
    }

    [Fact]
    public async Task Pages_of_huge_numbers_that_take_long_leave_connections_to_others()
    {
        using var hung = new SemaphoreSlim(0);
        await using var backend = await Server.StartAsync(context =>
        {
            if (context.Request.Query["from"].ToString().Length < 100)
                return AnswerAsync(context);
            hung.Release();
            return Forever(context);
        });
        await using var frontend = await Server.FrontendAsync(backend.Address, tryLimit: TimeSpan.FromSeconds(60));
        using var leaving = new CancellationTokenSource();
        var pages = Enumerable.Range(0, 10).Select(_ => frontend.Client.GetAsync("/1" + new string('0', 100), leaving.Token)).ToArray();
        for (var i = 0; i < 8; i++)
            Assert.True(await hung.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.DoesNotContain(Cells(await frontend.Client.GetStringAsync("/")), cell => cell.Color == "#9e9e9e");

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(pages));
    }
}
