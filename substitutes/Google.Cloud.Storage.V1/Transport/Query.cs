using System.Collections;
using System.Globalization;

namespace Google.Cloud.Storage.V1.Transport;

/// <summary>Parameters of a request; those whose value is null are left out.</summary>
internal sealed class Query : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    public void Add(string name, object value)
    {
        if (Text(value) is { } text)
            _parameters.Add(new(name, text));
    }

    public Query With(string name, object value)
    {
        Add(name, value);
        return this;
    }

    public bool Has(string name) => _parameters.Exists(parameter => parameter.Key == name);

    /// <summary>Nothing, or the parameters after a question mark.</summary>
    public override string ToString() =>
        _parameters.Count == 0
            ? ""
            : "?" + string.Join('&', _parameters.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The value as it is written, or null where it is not sent.</summary>
    public static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Projection projection => projection == Projection.Full ? "full" : "noAcl",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null,
    };
}
