using System.Net;
using System.Net.Sockets;

namespace PrimeDeploy.Primes.Tests;

internal static class Nobody
{
    /// <summary>An address where nobody listens: the port was free a moment ago and is not given to anybody soon.</summary>
    internal static Uri Address
    {
        get
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return new Uri($"http://{listener.LocalEndpoint}");
        }
    }
}
