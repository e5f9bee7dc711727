namespace Google.Cloud.Storage.V1;

/// <summary>How much of a resource is given back.</summary>
public enum Projection
{
    NoAcl,
    Full,
}
