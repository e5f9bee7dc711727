using Cake.Common.Diagnostics;
using Cake.Frosting;
using PrimeDeploy.Build.Reporting;
using PrimeDeploy.Build.Settings;

namespace PrimeDeploy.Build.Tasks;

[TaskName("Explain")]
[TaskDescription("What can be done here, and every setting with its meaning.")]
public sealed class ExplainTask : FrostingTask<BuildContext>
{
    public override void Run(BuildContext context)
    {
        string[] lines =
        [
            "./build.sh --target=Deploy      from nothing to a proven service, on the local cloud",
            "./build.sh --target=Plan        what Deploy would change",
            "./build.sh --target=Teardown    back to nothing",
            "./build.sh --target=Test        every test",
            "./build.sh --description        all targets; --target=Deploy --tree shows how they hang together",
            "",
            $"Settings are arguments (--zone=us-west1-a), or zone=us-west1-a in section [{Setting.Section}] of cake.config, or {Setting.Zone.Environment} in the environment; the first that is given wins.",
            "",
            .. TextTable.Lines([["argument", "default", "meaning", "allowed"], .. Setting.All.Select(s => (string[])[s.Argument, s.Default ?? "", s.Meaning, s.Allowed])]),
        ];
        foreach (var line in lines)
            context.Information("{0}", line);
    }
}
