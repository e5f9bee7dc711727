using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using Engine = System.Management.Automation.PowerShell;

namespace PrimeDeploy.PowerShell;

/// <summary>
/// The engine of PowerShell 7 as a program: <c>SCRIPT ARGUMENTS…</c> are run as if someone had typed them. It is the engine without its modules;
/// the two commands of them that build.ps1 calls are made of what the engine has.
/// </summary>
internal static partial class Program
{
    private const string LocationCommands = """
        function Push-Location([string] $Path) {
            $ExecutionContext.SessionState.Path.PushCurrentLocation('default')
            $null = $ExecutionContext.SessionState.Path.SetLocation($Path)
        }
        function Pop-Location { $null = $ExecutionContext.SessionState.Path.PopLocation('default') }
        """;

    public static int Main(string[] arguments)
    {
        using var engine = Engine.Create(InitialSessionState.CreateDefault2());
        engine.AddScript(LocationCommands).Invoke();
        engine.Commands.Clear();

        using var output = new PSDataCollection<PSObject>();
        output.DataAdded += (_, added) => Console.Out.WriteLine(output[added.Index]);
        engine.Streams.Error.DataAdded += (_, added) => Console.Error.WriteLine(engine.Streams.Error[added.Index]);
        try
        {
            engine.AddScript($"& {string.Join(' ', arguments.Select(Typed))}").Invoke(null, output);
        }
        catch (RuntimeException ended)
        {
            Console.Error.WriteLine(ended.ErrorRecord);
            return 1;
        }
        return engine.Runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int code ? code : 0;
    }

    /// <summary>As people type it: in quotes only what needs them.</summary>
    private static string Typed(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[\w./=-]+$", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
