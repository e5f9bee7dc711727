using System.Net;

namespace PrimeDeploy.Deployer;

/// <summary>The last checkpoint: the public page is right, cell by cell, from the start and from further on.</summary>
internal sealed class FrontendChecks(Uri? frontend, Evidence evidence, CloudApi api, Outside outside, TimeSpan patience)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Asks for the page that begins at <paramref name="start"/>, until the frontend answers. A wrong cell is final; an unknown one is
    /// asked for again.
    /// </summary>
    public async Task<Check> PageAsync(string path, int start, CancellationToken cancellationToken)
    {
        if (frontend is null)
            return new(Checkpoint.Frontend, $"GET {path}", "outside", "an external address", "it has none", CheckResult.Failed);
        var uri = new Uri(frontend, path);
        var poll = new Poll(api.Time, patience);
        while (true)
        {
            var answer = await outside.AskAsync(uri, AnswerLimit, api.Time, cancellationToken);
            var judgement = answer is { Status: HttpStatusCode.OK, Body: var html } ? MatrixPage.Judge(html, start) : null;
            if (judgement?.IsRight is true) return Result(uri, start, "all 100 right", CheckResult.Passed, null);

            var came = judgement is { Wrong: { } wrong } ? wrong
                : judgement is { Unknown: var unknown } ? $"{unknown} numbers unknown"
                : answer is { Status: var status } ? $"HTTP {(int)status}"
                : "no answer";
            var isFinal = judgement?.Wrong is not null || poll.IsOver;
            var why = isFinal || poll.IsLong ? await evidence.OfFrontendAsync(cancellationToken) : null;
            if (isFinal || SerialPort.TellsOfFailure(why)) return Result(uri, start, came, CheckResult.Failed, why);
            await poll.NextAsync(cancellationToken);
        }
    }

    private static Check Result(Uri uri, int start, string came, CheckResult result, string? why) =>
        new(Checkpoint.Frontend, $"GET {uri}", "outside", $"{start} to {start + 99}, primes green, others red", came, result, why);
}
