using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Rest;

/// <summary>How one method of a service travels over HTTP, as its <c>google.api.http</c> annotation says.</summary>
internal sealed partial class RestMethod
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private readonly MethodDescriptor _method;
    private readonly string _path;
    private readonly FieldDescriptor _body;
    private readonly FieldDescriptor[] _pathFields;
    private readonly FieldDescriptor[] _queryFields;

    public RestMethod(MethodDescriptor method)
    {
        _method = method;
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        (Verb, _path) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => (HttpMethod.Get, rule.Get),
            HttpRule.PatternOneofCase.Post => (HttpMethod.Post, rule.Post),
            HttpRule.PatternOneofCase.Patch => (HttpMethod.Patch, rule.Patch),
            HttpRule.PatternOneofCase.Put => (HttpMethod.Put, rule.Put),
            HttpRule.PatternOneofCase.Delete => (HttpMethod.Delete, rule.Delete),
            _ => throw new InvalidOperationException($"{method.FullName} has no HTTP rule."),
        };
        var fields = method.InputType.Fields;
        _body = rule.Body.Length == 0 ? null : fields[rule.Body];
        _pathFields = [.. Variable().Matches(_path).Select(variable => fields[variable.Groups["field"].Value])];
        _queryFields =
        [
            .. fields.InDeclarationOrder()
                .Where(field => field != _body && !_pathFields.Contains(field))
                .OrderBy(field => field.JsonName, StringComparer.Ordinal),
        ];
    }

    public HttpMethod Verb { get; }

    public string FullName => $"/{_method.Service.FullName}/{_method.Name}";

    /// <exception cref="RpcException"><see cref="StatusCode.InvalidArgument"/>: a field that the path needs is empty, or is itself a path.</exception>
    public HttpRequestMessage CreateRequest(IMessage request)
    {
        var http = new HttpRequestMessage(Verb, new Uri(Path(request) + Query(request), UriKind.Relative));
        if (_body?.Accessor.GetValue(request) is IMessage body)
            http.Content = new StringContent(JsonFormatter.Default.Format(body), Encoding.UTF8, "application/json");
        http.Headers.TryAddWithoutValidation(
            "x-goog-request-params", string.Join('&', _pathFields.Reverse().Select(field => $"{field.Name}={Escaped(field, request)}")));
        return http;
    }

    public TResponse ReadResponse<TResponse>(string json)
        where TResponse : class, IMessage =>
        json.Length == 0 ? null : (TResponse)Parser.Parse(json, _method.OutputType);

    private string Path(IMessage request) => Variable().Replace(_path, variable =>
    {
        var value = Text(_method.InputType.Fields[variable.Groups["field"].Value].Accessor.GetValue(request));
        return value.Length > 0 && !value.Contains('/')
            ? Uri.EscapeDataString(value)
            : throw new RpcException(new Status(
                StatusCode.InvalidArgument,
                "Request could not be transcoded; it does not match any HTTP rule. " +
                "Please check that all required fields are set with appropriate values."));
    });

    /// <summary>Every field that is neither in the path nor the body, when it is set.</summary>
    private string Query(IMessage request)
    {
        var parameters = _queryFields
            .SelectMany(field => Values(field, request).Select(value => $"{field.JsonName}={Uri.EscapeDataString(value)}"));
        var query = string.Join('&', parameters);
        return query.Length == 0 ? query : "?" + query;
    }

    private static IEnumerable<string> Values(FieldDescriptor field, IMessage request)
    {
        var value = field.Accessor.GetValue(request);
        return field.IsRepeated ? ((IEnumerable)value).Cast<object>().Select(Text)
            : field.HasPresence ? field.Accessor.HasValue(request) ? [Text(value)] : []
            // A field without presence is a required one in this API: it is sent whatever its value.
            : [Text(value)];
    }

    private static string Escaped(FieldDescriptor field, IMessage request) => Uri.EscapeDataString(Text(field.Accessor.GetValue(request)));

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"\{(?<field>\w+)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
