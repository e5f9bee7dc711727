using Microsoft.Extensions.Logging.Console;

namespace PrimeDeploy.LocalCloud.Server;

/// <summary>The log of the program: on standard error, so that standard output has the one line that says where the server is.</summary>
internal static class ServerLog
{
    public static void ToStandardError(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // Why it could not start is said in words.
    }
}
