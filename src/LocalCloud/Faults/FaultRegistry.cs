using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PrimeDeploy.LocalCloud.Faults;

/// <summary>The faults that are waiting to happen, and which calls they meet.</summary>
internal sealed class FaultRegistry
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private int _lastId;

    /// <exception cref="ArgumentException">There is something wrong with one of them: every problem of all. None was added then.</exception>
    public IReadOnlyList<FaultReport> Add(IReadOnlyList<Fault> faults)
    {
        var problems = faults.SelectMany(FaultRules.Check).ToList();
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(' ', problems), nameof(faults));
        lock (_gate)
        {
            var added = faults.Select(fault => new Entry(++_lastId, fault)).ToList();
            _entries.AddRange(added);
            return [.. added.Select(entry => entry.Report)];
        }
    }

    /// <returns>False when there is none of that id.</returns>
    public bool Remove(int id)
    {
        lock (_gate)
            return _entries.RemoveAll(entry => entry.Id == id) > 0;
    }

    public void Clear()
    {
        lock (_gate)
            _entries.Clear();
    }

    public IReadOnlyList<FaultReport> List()
    {
        lock (_gate)
            return [.. _entries.Select(entry => entry.Report)];
    }

    /// <summary>The faults of the wanted kind that this call meets; they are counted as having happened.</summary>
    public IEnumerable<Fault> Strike(ApiMethod call, Func<Fault, bool> kind)
    {
        if (_entries.Count == 0)
            yield break;
        List<Entry> matching;
        lock (_gate)
            matching = _entries.FindAll(entry => kind(entry.Fault) && Matches(entry.Fault, call));
        foreach (var entry in matching) // One after another: whoever stops at an answer has not met what comes behind it.
        {
            bool strikes;
            lock (_gate)
                strikes = entry.Strikes(call);
            if (strikes)
                yield return entry.Fault;
        }
    }

    /// <summary>Whether a resource that is there is not to be found yet by this read.</summary>
    /// <param name="call">The read.</param>
    /// <param name="id">The server's id of the resource: another one of the same name is hidden anew.</param>
    public bool Hides(ApiMethod call, string id)
    {
        if (_entries.Count == 0)
            return false;
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (entry.Fault.HiddenReads is { } reads && Matches(entry.Fault, call) && entry.Hides(call, id, reads))
                    return true;
            }
            return false;
        }
    }

    private static bool Matches(Fault fault, ApiMethod call) =>
        Fits(fault.Method, call.Method) && Fits(fault.Project, call.Project) && Fits(fault.Collection, call.Collection)
        && Fits(fault.Verb, call.Verb) && Fits(fault.Name, call.Name);

    private static bool Fits(string? wanted, string? actual) => wanted is null || string.Equals(wanted, actual, StringComparison.OrdinalIgnoreCase);

    private sealed class Entry(int id, Fault fault)
    {
        private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int> _hidden = new(StringComparer.Ordinal);
        private int _struck;

        public int Id => id;

        public Fault Fault => fault;

        public FaultReport Report => new(id, fault, _struck);

        private bool IsOver => _struck >= fault.Count;

        public bool Strikes(ApiMethod call)
        {
            if (IsOver || !IsChosen(call))
                return false;
            _struck++;
            return true;
        }

        public bool Hides(ApiMethod call, string resource, int reads)
        {
            var hidden = _hidden.GetValueOrDefault(resource);
            if (hidden == 0 && (IsOver || !IsChosen(call)))
            {
                _hidden[resource] = reads; // It was looked at and is not one of those.
                return false;
            }
            if (hidden >= reads)
                return false;
            _hidden[resource] = hidden + 1;
            _struck++;
            return true;
        }

        private bool IsChosen(ApiMethod call)
        {
            if (fault.Probability >= 1)
                return true;
            // Operations have random names; every one of a collection counts as the next call of the same thing.
            var name = call.Collection == "operations" ? null : call.Name;
            var what = $"{call.Method} {call.Project} {call.Scope} {call.Collection} {call.Verb} {name}";
            var time = _seen[what] = _seen.GetValueOrDefault(what) + 1;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{fault.Seed} {id} {time} {what}"));
            return BinaryPrimitives.ReadUInt32LittleEndian(hash) < fault.Probability * uint.MaxValue;
        }
    }
}
