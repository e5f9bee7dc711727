using System.Text.RegularExpressions;

namespace PrimeDeploy.Workflows.Tests;

/// <summary>
/// The part of GitHub Actions' and Azure Pipelines' expressions that our files use: names, texts, ==, !=, eq, &amp;&amp;, ||, ! and the functions of a
/// step's condition.
/// </summary>
/// <param name="values">By name, as "inputs.cloud"; a name that is not there is empty, as on GitHub.</param>
/// <param name="failed">Whether a step before has failed.</param>
internal sealed class Expression(IReadOnlyDictionary<string, string> values, bool failed)
{
    private static readonly string[] Contexts = ["inputs", "github", "job", "runner", "vars", "matrix", "steps", "parameters"];

    /// <summary>A text with every ${{ … }} in it replaced.</summary>
    public string Fill(string text) =>
        Regex.Replace(text, @"\$\{\{(?<expression>.*?)\}\}", match => Value(match.Groups["expression"].Value), RegexOptions.ExplicitCapture, TimeSpan.FromMinutes(1));

    /// <summary>Whether a step with the condition runs; without one it runs if no step before has failed.</summary>
    public bool Runs(string? condition)
    {
        var expression = (condition ?? "").Replace("${{", "", StringComparison.Ordinal).Replace("}}", "", StringComparison.Ordinal).Trim();
        var decides = expression.Contains("always()", StringComparison.Ordinal) || expression.Contains("cancelled()", StringComparison.Ordinal);
        return (decides || !failed) && (expression.Length == 0 || IsTrue(Value(expression)));
    }

    private string Value(string expression)
    {
        var text = expression.Trim();
        if (text.Split("||", 2) is [var either, var or])
            return Value(either) is var value && IsTrue(value) ? value : Value(or);
        if (text.Split("&&", 2) is [var first, var second])
            return Value(first) is var value && IsTrue(value) ? Value(second) : value;
        if (text.Split("!=", 2) is [var left, var other])
            return Value(left) != Value(other) ? "true" : "false";
        if (text.Split("==", 2) is [var one, var same])
            return Value(one) == Value(same) ? "true" : "false";
        if (text.StartsWith("eq(", StringComparison.Ordinal))
            return Value(text[3..^1].Replace(",", "==", StringComparison.Ordinal));
        if (text.StartsWith('!'))
            return IsTrue(Value(text[1..])) ? "false" : "true";
        if (text.StartsWith('\''))
            return text.Trim('\'');
        return text switch
        {
            "always()" => "true",
            "cancelled()" => "false",
            _ when Contexts.Contains(text.Split('.')[0]) => values.GetValueOrDefault(text, ""),
            _ => throw new NotSupportedException($"The tests' runner does not know the expression {text}."),
        };
    }

    private static bool IsTrue(string value) => value is not ("" or "false");
}
