using Cake.Common.Build.AzurePipelines;
using Cake.Common.Build.AzurePipelines.Data;

namespace PrimeDeploy.Build.Reporting.Hosts;

internal sealed class AzurePipelinesHost(IAzurePipelinesProvider pipelines) : ICiHost
{
    public void StartGroup(string name) => pipelines.Commands.BeginGroup(name);

    public void EndGroup() => pipelines.Commands.EndGroup();

    public void Error(string message, string? file) =>
        pipelines.Commands.WriteError(Encode(message), new AzurePipelinesMessageData { SourcePath = file });

    public void Warning(string message) => pipelines.Commands.WriteWarning(Encode(message));

    /// <summary>A variable of the job that nothing reads: the agent hides its value wherever it is printed.</summary>
    public void Mask(string secret)
    {
        foreach (var (index, line) in secret.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Index())
            pipelines.Commands.SetSecretVariable($"PRIMEDEPLOY_MASK_{index}", Encode(line));
    }

    public void Progress(int percent, string doing) => pipelines.Commands.SetProgress(percent, Encode(doing));

    /// <summary>Azure's names have no hyphens: they are environment variables of the steps that read them.</summary>
    public void Output(string name, string value) => pipelines.Commands.SetOutputVariable(name.Replace('-', '_'), Encode(value));

    public void Summary(string markdown, string file) => pipelines.Commands.UploadTaskSummary(file);

    /// <summary>The agent reads one line, and %-escapes in it (https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands).</summary>
    private static string Encode(string text) => text.Replace("%", "%AZP25").Replace("\r", "%0D").Replace("\n", "%0A");
}
