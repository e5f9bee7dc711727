using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace Google.Api.Gax.Grpc;

/// <summary>What an error of Google's says beyond its code and message.</summary>
public static class RpcExceptionExtensions
{
    /// <summary>The trailer in which a <see cref="Google.Rpc.Status"/> travels (https://google.aip.dev/193).</summary>
    internal const string StatusDetailsTrailer = "grpc-status-details-bin";

    /// <summary>The whole status, or null if the error carries none that can be read.</summary>
    public static Google.Rpc.Status GetRpcStatus(this RpcException ex)
    {
        ArgumentNullException.ThrowIfNull(ex);
        var trailer = ex.Trailers.FirstOrDefault(entry => entry.Key == StatusDetailsTrailer);
        if (trailer is null)
            return null;
        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(trailer.ValueBytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>Reason and domain of the error, or null.</summary>
    public static ErrorInfo GetErrorInfo(this RpcException ex) => ex.GetStatusDetail<ErrorInfo>();

    /// <summary>Links to help, or null.</summary>
    public static Help GetHelp(this RpcException ex) => ex.GetStatusDetail<Help>();

    /// <summary>The message for people, or null.</summary>
    public static LocalizedMessage GetLocalizedMessage(this RpcException ex) => ex.GetStatusDetail<LocalizedMessage>();

    /// <summary>The detail of this kind, or null.</summary>
    public static T GetStatusDetail<T>(this RpcException ex)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return ex.GetRpcStatus()?.GetDetail<T>();
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
