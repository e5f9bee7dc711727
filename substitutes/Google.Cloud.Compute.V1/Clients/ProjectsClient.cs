using Google.Api.Gax.Grpc;
using Google.Api.Gax.Grpc.Rest;

namespace Google.Cloud.Compute.V1;

/// <summary>Makes a <see cref="ProjectsClient"/>.</summary>
public sealed class ProjectsClientBuilder : ClientBuilderBase<ProjectsClient>
{
    public override ProjectsClient Build() => new(CreateChannel());

    public override async Task<ProjectsClient> BuildAsync(CancellationToken cancellationToken = default) =>
        new(await CreateChannelAsync(cancellationToken));
}

/// <summary>Projects.</summary>
public sealed class ProjectsClient
{
    private readonly ComputeService _service;

    internal ProjectsClient(RestChannel channel) => _service = new ComputeService(channel, PlacesReflection.Descriptor, "Projects");

    /// <summary>With Application Default Credentials.</summary>
    public static ProjectsClient Create() => new ProjectsClientBuilder().Build();

    /// <inheritdoc cref="Create"/>
    public static Task<ProjectsClient> CreateAsync(CancellationToken cancellationToken = default) => new ProjectsClientBuilder().BuildAsync(cancellationToken);

    public Task<Project> GetAsync(GetProjectRequest request, CallSettings callSettings = null) =>
        _service.CallAsync<GetProjectRequest, Project>("Get", request, callSettings);

    public Task<Project> GetAsync(GetProjectRequest request, CancellationToken cancellationToken) =>
        GetAsync(request, CallSettings.FromCancellationToken(cancellationToken));

    public Task<Project> GetAsync(string project, CallSettings callSettings = null) =>
        GetAsync(new GetProjectRequest { Project = Required.Name(project) }, callSettings);

    public Task<Project> GetAsync(string project, CancellationToken cancellationToken) =>
        GetAsync(project, CallSettings.FromCancellationToken(cancellationToken));
}
