namespace PrimeDeploy.Substitutes.Tests.Cake.Frosting;

/// <summary>Cake makes its working directory the process's own: such tests run one after another.</summary>
[CollectionDefinition("Working directory", DisableParallelization = true)]
public sealed class OneAfterAnother;
