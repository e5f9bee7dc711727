using Microsoft.Extensions.DependencyInjection;

namespace Cake.Frosting;

/// <summary>Services of a build, registered in a class of their own.</summary>
public interface IFrostingStartup
{
    /// <summary>Registers the services.</summary>
    /// <param name="services">The host's services.</param>
    void Configure(IServiceCollection services);
}
