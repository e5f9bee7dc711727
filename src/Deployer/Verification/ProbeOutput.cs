using System.Text.Json;

namespace PrimeDeploy.Deployer;

/// <summary>
/// What the test instance says on its serial port, read as it comes: lines of other programs in between, prefixes before each line, and a
/// line that is not complete yet are all to be expected.
/// </summary>
internal sealed class ProbeOutput
{
    private const string Mark = "primes-probe: ";
    private const string Listening = "primedeploy: listening on port 80";

    private readonly List<ProbeAnswer> _answers = [];
    private readonly HashSet<string> _backends = new(StringComparer.Ordinal);
    private string _rest = "";

    /// <summary>What it was answered, in the order of asking.</summary>
    public IReadOnlyList<ProbeAnswer> Answers => _answers;

    /// <summary>The machines that answered it.</summary>
    public IReadOnlySet<string> Backends => _backends;

    /// <summary>Whether its own server on port 80 answers from inside the machine.</summary>
    public bool IsListening { get; private set; }

    /// <summary>Whether it has said all it will say.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why it did not find all as it has to be, or could not even ask; null when it did.</summary>
    public string? Why { get; private set; }

    /// <summary>Takes the next piece of the serial port's contents.</summary>
    public void Add(string contents)
    {
        var lines = (_rest + contents).Split('\n');
        _rest = lines[^1];
        foreach (var line in lines[..^1]) Read(line.TrimEnd('\r'));
    }

    private void Read(string line)
    {
        if (line.IndexOf(Mark, StringComparison.Ordinal) is var start and >= 0)
        {
            ReadFinding(line[(start + Mark.Length)..]);
        }
        else if (line.Contains(Listening, StringComparison.Ordinal))
        {
            IsListening = true;
        }
        else if (SerialPort.Failure().Match(line) is { Success: true } failed && !IsDone)
        {
            IsDone = true;
            Why = failed.Value;
        }
    }

    private void ReadFinding(string text)
    {
        JsonElement finding;
        try
        {
            finding = JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // Bytes can be lost on a serial port. A missing finding shows in the end: an answer is not there.
            return;
        }
        if (finding.TryGetProperty("ask", out var ask))
        {
            var servedBy = finding.TryGetProperty("servedBy", out var machine) ? machine.GetString() : null;
            _answers.Add(new(ask.GetString()!, finding.TryGetProperty("answer", out var answer) ? answer.GetString() : null, servedBy));
            if (servedBy is not null) _backends.Add(servedBy);
        }
        if (finding.TryGetProperty("backend", out var backend) && backend.GetString() is { } name) _backends.Add(name);
        if (finding.TryGetProperty("done", out _))
        {
            IsDone = true;
            Why = finding.TryGetProperty("why", out var why) ? why.GetString() : null;
        }
    }
}

/// <param name="Asked">The path: <c>/2</c>.</param>
/// <param name="Answer">The body; null when there was none.</param>
/// <param name="ServedBy">The machine's name; null when it did not say.</param>
internal sealed record ProbeAnswer(string Asked, string? Answer, string? ServedBy);
