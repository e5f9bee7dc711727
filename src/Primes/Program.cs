using System.Collections;
using System.Net.Sockets;
using PrimeDeploy.Primes.Backend;
using PrimeDeploy.Primes.Frontend;
using PrimeDeploy.Primes.Probe;
using PrimeDeploy.Primes.Settings;

const int WrongUse = 2;
const int Failure = 1;

Role[] roles = [BackendRole.Description, FrontendRole.Description, ProbeRole.Description];

if (args is ["--help" or "-h" or "help"])
{
    Console.Write(Help.For(roles));
    return 0;
}

if (args.Length == 0 || roles.FirstOrDefault(role => role.Name == args[0]) is not { } chosen)
{
    var said = args.Length == 0 ? "No role was given." : $"Unknown role '{args[0]}'.";
    Console.Error.WriteLine($"{said} Allowed: {string.Join(", ", roles.Select(role => role.Name))}. 'primes --help' tells more.");
    return WrongUse;
}

if (args.Skip(1).Any(argument => argument is "--help" or "-h"))
{
    Console.Write(Help.For(chosen));
    return 0;
}

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
var reader = new SettingReader(
    chosen.Name, chosen.Settings, args[1..], environment, roles.SelectMany(role => role.Settings).Select(setting => setting.Variable).ToHashSet());
try
{
    var exitCode = await chosen.RunAsync(reader);
    foreach (var problem in reader.Problems)
        Console.Error.WriteLine(problem);
    return reader.Problems.Count > 0 ? WrongUse : exitCode;
}
catch (Exception exception) when (exception is IOException or SocketException)
{
    // The port is taken or not allowed, or the address is not this machine's: Kestrel's own sentence says which.
    Console.Error.WriteLine($"primes {chosen.Name} cannot listen: {exception.Message}");
    return Failure;
}
