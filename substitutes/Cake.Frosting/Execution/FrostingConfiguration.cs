using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.IO;

namespace Cake.Frosting.Internal;

/// <summary>The directory that the build runs in, unless the command line says another.</summary>
internal sealed record WorkingDirectory(DirectoryPath Path);

/// <summary>A value of the configuration that the host was given in code.</summary>
internal sealed record CakeSetting(string Key, string Value);

/// <summary>Cake's configuration: the host's own settings, then <c>CAKE_*</c>, then <c>cake.config</c>, then the command line; the last one wins.</summary>
internal sealed class FrostingConfiguration(IEnumerable<CakeSetting> settings, IFileSystem files, ICakeEnvironment environment, ICakeArguments arguments)
    : ICakeConfiguration
{
    private readonly ICakeConfiguration merged = new CakeConfigurationProvider(files, environment).CreateConfiguration(
        environment.WorkingDirectory,
        settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)),
        arguments.GetArguments().ToDictionary(argument => argument.Key, argument => argument.Value.FirstOrDefault() ?? string.Empty));

    public string GetValue(string key) => merged.GetValue(key);
}
