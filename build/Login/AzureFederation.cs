using System.Text.Json;
using Cake.Common.Build;
using Cake.Core;

namespace PrimeDeploy.Build.Login;

/// <summary>
/// Signs a run of Azure Pipelines in to Google Cloud without a key: Google's libraries exchange the token that the pipeline's service
/// connection gave for one of a Google service account. They read how from a file that this writes.
/// </summary>
/// <remarks>https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines</remarks>
internal static class AzureFederation
{
    /// <summary>Set by the task AzureCLI with <c>addSpnToEnvironment</c>.</summary>
    public const string Token = "idToken";

    public const string Provider = "GOOGLE_WORKLOAD_IDENTITY_PROVIDER";
    public const string ServiceAccount = "GOOGLE_SERVICE_ACCOUNT";

    private const string CredentialsVariable = "GOOGLE_APPLICATION_CREDENTIALS";

    /// <summary>Does nothing where this is no run of Azure Pipelines, or it has no token of that kind.</summary>
    public static void SignIn(ICakeContext context)
    {
        string? Value(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
        if (!context.BuildSystem().IsRunningOnAzurePipelines || Value(CredentialsVariable) is not null
            || Value(Token) is not { } token || Value(Provider) is not { } provider || Value(ServiceAccount) is not { } account)
            return;

        // The agent empties its folder for temporary files after the job; nobody else reads it meanwhile.
        var folder = Directory.CreateDirectory(Path.Combine(Value("AGENT_TEMPDIRECTORY") ?? Path.GetTempPath(), $"primedeploy-{Guid.NewGuid():N}"));
        if (!OperatingSystem.IsWindows())
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        var tokenFile = Path.Combine(folder.FullName, "token");
        File.WriteAllText(tokenFile, token);
        var credentials = Path.Combine(folder.FullName, "credentials.json");
        File.WriteAllText(credentials, Describe(provider, account, tokenFile));
        Environment.SetEnvironmentVariable(CredentialsVariable, credentials);
    }

    /// <param name="provider"><c>projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER</c>.</param>
    /// <param name="account">The service account's address.</param>
    /// <param name="tokenFile">Where the pipeline's token is.</param>
    public static string Describe(string provider, string account, string tokenFile) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["type"] = "external_account",
        ["audience"] = $"//iam.googleapis.com/{provider}",
        ["subject_token_type"] = "urn:ietf:params:oauth:token-type:jwt",
        ["token_url"] = "https://sts.googleapis.com/v1/token",
        ["service_account_impersonation_url"] = $"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{account}:generateAccessToken",
        ["credential_source"] = new Dictionary<string, object> { ["file"] = tokenFile },
    });
}
