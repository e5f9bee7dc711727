using System.Globalization;
using System.Numerics;
using PrimeDeploy.Primes.Arithmetic;
using PrimeDeploy.Primes.Settings;

namespace PrimeDeploy.Primes.Probe;

/// <summary><c>primes probe</c></summary>
internal static class ProbeRole
{
    internal static readonly Role Description = new(
        "probe",
        "asks a load balancer from inside its network, prints what it found as lines of JSON, and ends.",
        [
            new("upstream", "http://ADDRESS[:PORT]", "The load balancer to ask.", null),
            new("ask", "N,N,…", "The numbers to ask for, with commas between them, at most 100.", "2,4,5"),
            new("expect-backends", "COUNT", "How many different machines have to answer, 1 to 1000.", "1"),
            new("deadline", "SECONDS", "When to give up, 1 to 3600.", "60"),
        ],
        RunAsync);

    private static async Task<int> RunAsync(SettingReader reader)
    {
        var server = reader.Server("upstream");
        var numbers = Numbers(reader);
        var backends = reader.Count("expect-backends", 1, 1_000);
        var deadline = reader.Seconds("deadline", 1, 3_600);
        if (server is null || reader.Problems.Count > 0)
            return 0;

        using var limit = new CancellationTokenSource(deadline);
        using var findings = new Findings(Console.OpenStandardOutput(), TimeProvider.System);
        using var run = new ProbeRun(server, findings, TimeProvider.System);
        return await run.AskAllAsync(numbers, backends, limit.Token) ? 0 : 1;
    }

    private static BigInteger[] Numbers(SettingReader reader)
    {
        var texts = (reader.Text("ask") ?? "").Split(',');
        if (texts.Length > 100)
            reader.Problems.Add($"--ask has {texts.Length} numbers; at most 100 are allowed.");

        var numbers = new List<BigInteger>();
        foreach (var text in texts)
        {
            if (NumberText.TryRead("The number", text, out var digits, out _))
                numbers.Add(BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture));
            else
                reader.Problems.Add($"--ask contains '{text}': it must be whole numbers of at most {NumberText.MaxDigits} digits with commas between them, such as 2,4,5.");
        }

        return [.. numbers];
    }
}
