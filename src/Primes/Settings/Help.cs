using System.Text;

namespace PrimeDeploy.Primes.Settings;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Help
{
    internal static string For(IReadOnlyList<Role> roles)
    {
        var text = new StringBuilder("A prime-number service.\n\n");
        foreach (var role in roles)
            text.Append($"  primes {role.Name,-9} {role.Purpose}\n");
        return text.Append("\n'primes ROLE --help' tells the settings of a role.\n").ToString();
    }

    internal static string For(Role role)
    {
        var text = new StringBuilder($"primes {role.Name}: {role.Purpose}\n");
        foreach (var setting in role.Settings)
        {
            var fallback = setting.Default is null ? "Has to be given" : $"Default: {(setting.Default.Length == 0 ? "none" : setting.Default)}";
            text.Append($"\n  --{setting.Name} {setting.Value}\n      {setting.Meaning}\n      {fallback}. Environment: {setting.Variable}\n");
        }

        return text.ToString();
    }
}
