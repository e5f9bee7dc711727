namespace PrimeDeploy.LocalCloud.Api.Kinds;

/// <summary>Autoscalers: clients look whether a group has one. Here none ever has.</summary>
internal sealed class Autoscalers : ResourceKind
{
    public override string Collection => "autoscalers";

    public override string Singular => "autoscaler";

    public override Scopes Scopes => Scopes.Zonal | Scopes.Regional;

    public override Methods Methods => Methods.Read;

    public override string ListKind(string scope) => InstanceGroups.RegionalListKind(Singular, scope);
}
