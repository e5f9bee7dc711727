using System.Text.Json;
using PrimeDeploy.Build.Settings;

namespace PrimeDeploy.Build.Reporting;

/// <summary>
/// Standard output, for one reader: a person, or with <c>--output=json</c> or <c>--log=json</c> a machine. Then everything that Cake and the
/// tasks tell people goes to standard error.
/// </summary>
public sealed class StandardOutput
{
    private static readonly JsonSerializerOptions Style = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly TextWriter _standard = Console.Out;

    /// <param name="arguments">The command line: Cake prints before it reads settings, so it has to be known from here or the
    /// environment.</param>
    public StandardOutput(IReadOnlyList<string> arguments)
    {
        if (new[] { Setting.Output, Setting.Log }.Any(setting => IsJson(setting, arguments)))
            Console.SetOut(Console.Error);
    }

    /// <summary>Writes lines to the machine that reads.</summary>
    public void Write(string lines)
    {
        lock (_standard)
            _standard.WriteLine(lines);
    }

    /// <summary>Writes a value as indented JSON.</summary>
    public void WriteJson<T>(T value) => Write(JsonSerializer.Serialize(value, Style));

    private static bool IsJson(Setting setting, IReadOnlyList<string> arguments) =>
        arguments.Any(argument => argument.Equals($"{setting.Argument}=json", StringComparison.OrdinalIgnoreCase))
        || arguments.Zip(arguments.Skip(1)).Any(pair => pair is var (name, value)
            && name.Equals(setting.Argument, StringComparison.OrdinalIgnoreCase) && value.Equals("json", StringComparison.OrdinalIgnoreCase))
        || Environment.GetEnvironmentVariable(setting.Environment) == "json";
}
