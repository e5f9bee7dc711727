namespace PrimeDeploy.LocalCloud.Documents;

/// <summary>
/// A full disk is told as a refusal, which clients report at once; a server error they would try again, and Google's resumable uploads even without end.
/// </summary>
internal static class DiskFull
{
    public const int Status = StatusCodes.Status403Forbidden;

    public const string Reason = "diskFull";

    /// <summary>ENOSPC and EDQUOT on Linux; ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL, as HRESULTs, on Windows.</summary>
    private static readonly int[] Codes = OperatingSystem.IsWindows() ? [unchecked((int)0x80070027), unchecked((int)0x80070070)] : [28, 122];

    public static bool Is(IOException error) => Codes.Contains(error.HResult);

    public static string Message(IOException error) => $"The disk of the local cloud's state is full: make room there. {error.Message}";
}
