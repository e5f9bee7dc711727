using Cake.Core;

namespace Cake.Frosting.Internal;

/// <summary>Tells Cake's engine what happens around the build and around every task, as far as the build says anything.</summary>
internal sealed class Lifetime(
    ICakeEngine engine,
    IFrostingContext context,
    IFrostingSetup setup = null,
    IFrostingTeardown teardown = null,
    IFrostingTaskSetup taskSetup = null,
    IFrostingTaskTeardown taskTeardown = null)
{
    public void Register()
    {
        if (setup is not null)
            engine.RegisterSetupAction(info => setup.Setup(context, info));
        if (teardown is not null)
            engine.RegisterTeardownAction(info => teardown.Teardown(context, info));
        if (taskSetup is not null)
            engine.RegisterTaskSetupAction(info => taskSetup.Setup(context, info));
        if (taskTeardown is not null)
            engine.RegisterTaskTeardownAction(info => taskTeardown.Teardown(context, info));
    }
}
