namespace PrimeDeploy.LocalCloud.Commands;

/// <summary><c>local-cloud env</c>: prints what a shell has to evaluate so that clients go to the local cloud, and how the libraries are told.</summary>
internal static class EnvCommand
{
    public static int Run(IReadOnlyList<string> arguments)
    {
        var options = ClientOptions.Parse(arguments, takesName: false);
        foreach (var error in options.Errors)
            Console.Error.WriteLine(error);
        if (options.Errors.Count > 0)
            return 2;
        Console.WriteLine(Text(options.Port, options.Project ?? "local-project"));
        return 0;
    }

    /// <summary>Storage's libraries for Python, Node, Go and Java follow STORAGE_EMULATOR_HOST; those for Compute Engine have no such variable.</summary>
    public static string Text(int port, string project) =>
        $$"""
        # eval "$(local-cloud env --port {{port}} --project {{project}})"
        export CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE=http://127.0.0.1:{{port}}/compute/v1/
        export CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE=http://127.0.0.1:{{port}}/storage/v1/
        export CLOUDSDK_AUTH_DISABLE_CREDENTIALS=true
        export CLOUDSDK_CORE_PROJECT={{project}}
        export CLOUDSDK_CORE_DISABLE_PROMPTS=1
        export CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true
        export CLOUDSDK_CORE_CHECK_GCE_METADATA=false
        export CLOUDSDK_CONFIG="${TMPDIR:-/tmp}/local-cloud-gcloud-{{port}}"
        export GOOGLE_CLOUD_PROJECT={{project}}
        export STORAGE_EMULATOR_HOST=http://127.0.0.1:{{port}}
        # .NET:   new InstancesClientBuilder { Endpoint = "http://127.0.0.1:{{port}}", ChannelCredentials = ChannelCredentials.Insecure }.Build()
        #         new StorageClientBuilder { BaseUri = "http://127.0.0.1:{{port}}/storage/v1/", UnauthenticatedAccess = true }.Build()
        # Node:   new InstancesClient({ apiEndpoint: '127.0.0.1', port: {{port}}, protocol: 'http', fallback: true, auth })
        # Python: compute_v1.InstancesClient(credentials=AnonymousCredentials(), client_options={"api_endpoint": "http://127.0.0.1:{{port}}"})
        """;
}
