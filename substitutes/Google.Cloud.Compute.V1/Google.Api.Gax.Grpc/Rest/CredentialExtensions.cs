using Google.Apis.Auth.OAuth2;
using Grpc.Core;

namespace Google.Api.Gax.Grpc.Rest;

/// <summary>Between Google's credentials, gRPC's, and the headers of a request.</summary>
internal static class CredentialExtensions
{
    public static ChannelCredentials ToChannelCredentials(this ITokenAccess credential) =>
        ChannelCredentials.Create(ChannelCredentials.SecureSsl, CallCredentials.FromInterceptor(async (context, headers) =>
        {
            if (credential is ITokenAccessWithHeaders withHeaders)
            {
                var token = await withHeaders.GetAccessTokenWithHeadersForRequestAsync(context.ServiceUrl, context.CancellationToken);
                headers.Add("authorization", $"Bearer {token.AccessToken}");
                foreach (var (name, values) in token.Headers)
                    headers.Add(name, string.Join(',', values));
            }
            else
            {
                headers.Add("authorization", $"Bearer {await credential.GetAccessTokenForRequestAsync(context.ServiceUrl, context.CancellationToken)}");
            }
        }));

    /// <summary>What adds the headers to each request, or null when these credentials add none.</summary>
    /// <remarks>Whether the connection is secure is said by the endpoint's scheme alone.</remarks>
    public static AsyncAuthInterceptor Interceptor(this ChannelCredentials credentials)
    {
        var reader = new ChannelReader();
        credentials.InternalPopulateConfiguration(reader, null);
        return reader.Interceptor;
    }

    private sealed class ChannelReader : ChannelCredentialsConfiguratorBase
    {
        public AsyncAuthInterceptor Interceptor { get; private set; }

        public override void SetInsecureCredentials(object state)
        {
        }

        public override void SetSslCredentials(
            object state, string rootCertificates, KeyCertificatePair keyCertificatePair, VerifyPeerCallback verifyPeerCallback)
        {
        }

        public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
        {
            var reader = new CallReader();
            callCredentials.InternalPopulateConfiguration(reader, null);
            Interceptor = reader.Interceptor;
        }
    }

    private sealed class CallReader : CallCredentialsConfiguratorBase
    {
        public AsyncAuthInterceptor Interceptor { get; private set; }

        public override void SetAsyncAuthInterceptorCredentials(object state, AsyncAuthInterceptor interceptor) => Interceptor = interceptor;

        public override void SetCompositeCredentials(object state, IReadOnlyList<CallCredentials> credentials) =>
            throw new NotSupportedException("Composite call credentials are not supported over REST.");
    }
}
