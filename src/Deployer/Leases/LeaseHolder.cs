using System.Globalization;

namespace PrimeDeploy.Deployer;

/// <summary>Who works on a deployment, and how long that is believed without hearing of them again.</summary>
/// <param name="Run">One run of one process.</param>
/// <param name="Owner">Person or pipeline, and machine: "alice on build-7".</param>
/// <param name="Doing">"apply", "verification" or "teardown".</param>
/// <param name="Process">Where it runs; null where that cannot be told.</param>
/// <param name="Since">When it began, by the holder's clock.</param>
/// <param name="Until">When the lease ends unless it is renewed, by the holder's clock.</param>
internal sealed record LeaseHolder(Guid Run, string Owner, string Doing, LocalProcess? Process, DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>As the metadata of the lease's object: it comes and goes with the object's generation.</summary>
    public IDictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["run"] = Run.ToString("N"),
            ["owner"] = Owner,
            ["doing"] = Doing,
            ["since"] = Since.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["until"] = Until.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        };
        if (Process is not null) metadata["process"] = Process.ToString();
        return metadata;
    }

    /// <summary>Null when it is not a lease that this version wrote.</summary>
    public static LeaseHolder? Read(IDictionary<string, string>? metadata)
    {
        if (metadata is null || !metadata.TryGetValue("run", out var run) || !Guid.TryParse(run, out var id)) return null;
        if (Time("since") is not { } since || Time("until") is not { } until) return null;
        return new(id, Text("owner") ?? "someone", Text("doing") ?? "run", LocalProcess.Parse(Text("process")), since, until);

        string? Text(string key) => metadata.TryGetValue(key, out var text) ? text : null;
        DateTimeOffset? Time(string key) => DateTimeOffset.TryParse(
            Text(key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
