using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PrimeDeploy.LocalCloud.Tests.Recordings;

/// <summary>Compares answers with recorded ones, member by member. What was normalised in the recording only has to be there.</summary>
internal sealed partial class Comparison(Func<string, string> fill)
{
    private readonly List<string> _missed = [];
    private readonly List<string> _extra = [];
    private int _recorded;

    /// <summary>The share of the recorded statuses and members that came back the same.</summary>
    public double Recall => 1 - ((double)_missed.Count / _recorded);

    /// <summary>The same with members that the recording does not have counted as wrong, but for some that are expected.</summary>
    public double ScoreWithout(int expectedExtra) => (double)(_recorded - _missed.Count) / (_recorded + _extra.Count - expectedExtra);

    public IReadOnlyList<string> Extra => _extra;

    public string Differences => string.Join('\n', _missed.Concat(_extra.Select(e => $"extra {e}")));

    public void Add(string what, int recordedStatus, JsonObject? recorded, int status, JsonObject? answer)
    {
        _recorded++;
        if (status != recordedStatus)
            _missed.Add($"{what}: recorded {recordedStatus}, got {status} {answer?["error"]?["message"]}");
        if (recorded is null)
            return;
        var want = Leaves(recorded, "").ToDictionary();
        var have = Leaves(answer ?? [], "").ToDictionary();
        _recorded += want.Count;
        foreach (var (place, value) in want)
        {
            if (!Volatile().IsMatch(place) && (!have.TryGetValue(place, out var got) || !Same(place, value, got)))
                _missed.Add($"{what}{place}: recorded {value}, got {(have.TryGetValue(place, out got) ? got : "nothing")}");
        }
        _extra.AddRange(have.Keys.Where(place => !want.ContainsKey(place) && !Volatile().IsMatch(place)).Select(place => what + place));
    }

    private bool Same(string place, JsonNode recorded, JsonNode got)
    {
        if (recorded.GetValueKind() != JsonValueKind.String)
            return JsonNode.DeepEquals(recorded, got);
        var text = recorded.GetValue<string>();
        if (place.EndsWith(".id", StringComparison.Ordinal) || Normalised().IsMatch(text))
            return true;
        return got.GetValueKind() == JsonValueKind.String && LinkBase().Replace(fill(text), "") == LinkBase().Replace(got.GetValue<string>(), "");
    }

    private static IEnumerable<KeyValuePair<string, JsonNode>> Leaves(JsonNode? node, string place) => node switch
    {
        JsonObject json => json.SelectMany(member => Leaves(member.Value, $"{place}.{member.Key}")),
        JsonArray list => list.SelectMany((item, index) => Leaves(item, $"{place}[{index}]")),
        null => [],
        _ => [KeyValuePair.Create(place, node)],
    };

    [GeneratedRegex(@"\.(user|progress|startTime|endTime|insertTime|operationType|targetId|clientOperationId)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Volatile();

    [GeneratedRegex(@"operationID|operationNumber|^0{6,}\d*$|^\d{15,}$|^\d{4}-\d\d-\d\dT|^abcdef|(Number|Fingerprint|Hash)\}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Normalised();

    /// <summary>A whole link and the end of it that a client may write name the same resource.</summary>
    [GeneratedRegex("^https?://[^/]+/compute/[^/]+/", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LinkBase();
}
