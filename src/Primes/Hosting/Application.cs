using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace PrimeDeploy.Primes.Hosting;

/// <summary>Calls one function for every request of a server, with a context that is kept from one request of a connection to the next.</summary>
internal sealed class Application(RequestDelegate answer, Places places) : IHttpApplication<Application.Context>
{
    /// <summary>
    /// Requests of a connection before others get their turn. A client that sends without waiting for answers always has the next request there already,
    /// and would keep a thread for itself as long as it likes.
    /// </summary>
    private const int Turn = 32;

    public Context CreateContext(IFeatureCollection contextFeatures)
    {
        var context = contextFeatures is IHostContextContainer<Context> connection ? connection.HostContext ??= new Context() : new Context();
        context.Http.Initialize(contextFeatures);
        return context;
    }

    /// <summary>What is thrown here the server logs, and answers with 500.</summary>
    public Task ProcessRequestAsync(Context context)
    {
        if (places.AreScarce)
            context.Http.Response.Headers.Connection = "close";
        return ++context.Requests % Turn == 0 ? AnswerBehindOthersAsync(context.Http) : answer(context.Http);
    }

    public void DisposeContext(Context context, Exception? exception) => context.Http.Uninitialize();

    private Task AnswerBehindOthersAsync(HttpContext context) =>
        Task.Factory.StartNew(() => answer(context), CancellationToken.None, TaskCreationOptions.PreferFairness, TaskScheduler.Default).Unwrap();

    /// <summary>A connection's context.</summary>
    internal sealed class Context
    {
        internal DefaultHttpContext Http { get; } = new();

        /// <summary>How many requests the connection has made.</summary>
        internal int Requests { get; set; }
    }
}
