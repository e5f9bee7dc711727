namespace PrimeDeploy.LocalCloud.Tests.Clients;

/// <summary>A test in which gcloud works on real machines; skipped with the reason where either is not to be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GcloudFactAttribute : FactAttribute
{
    public GcloudFactAttribute() => Skip = ClientProgram.Find("gcloud") is null
        ? "gcloud is not installed (https://cloud.google.com/sdk/docs/install)."
        : new Machines.NamespacesFactAttribute().Skip;
}
