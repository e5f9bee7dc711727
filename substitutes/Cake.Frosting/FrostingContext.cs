using Cake.Core;

namespace Cake.Frosting;

/// <summary>The context of a build: what its tasks share.</summary>
public interface IFrostingContext : ICakeContext
{
}

/// <summary>A context to derive a build's own from. One instance serves the whole build.</summary>
/// <param name="context">Cake's own context, which it passes on.</param>
public class FrostingContext(ICakeContext context) : CakeContextAdapter(context), IFrostingContext
{
}
