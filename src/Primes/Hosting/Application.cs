using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>Calls one function for every request of a server, with a context that is kept from one request of a connection to the next.</summary>
internal sealed class Application(RequestDelegate answer) : IHttpApplication<DefaultHttpContext>
{
    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
    {
        if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
            return new DefaultHttpContext(contextFeatures);

        if (connection.HostContext is { } kept)
            kept.Initialize(contextFeatures);
        else
            connection.HostContext = new DefaultHttpContext(contextFeatures);
        return connection.HostContext;
    }

    /// <summary>What is thrown here the server logs, and answers with 500.</summary>
    public Task ProcessRequestAsync(DefaultHttpContext context) => answer(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
}
