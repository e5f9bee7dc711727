using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>Collects everything that is wrong with a request, so that it can be said at once.</summary>
internal sealed class Problems
{
    private readonly List<ApiProblem> _problems = [];

    public bool Any => _problems.Count > 0;

    public IEnumerable<string> Messages => _problems.Select(p => p.Message);

    /// <param name="field">For example resource.name.</param>
    /// <param name="value">What was given.</param>
    /// <param name="explanation">What is allowed; one or more whole sentences.</param>
    public void Invalid(string field, string? value, string explanation) =>
        _problems.Add(new ApiProblem(400, "invalid", $"Invalid value for field '{field}': '{value}'. {explanation}"));

    public void Required(string field) => _problems.Add(new ApiProblem(400, "required", $"Required field '{field}' not specified"));

    public void NotFound(ResourceName name) => _problems.Add(new ApiProblem(404, "notFound", $"The resource '{name}' was not found"));

    public void NotReady(ResourceName name) => _problems.Add(new ApiProblem(400, "resourceNotReady", $"The resource '{name}' is not ready"));

    public void Add(ApiProblem problem) => _problems.Add(problem);

    /// <exception cref="ApiException">When there is any problem.</exception>
    public void Throw()
    {
        if (Any)
            throw new ApiException([.. _problems]);
    }
}
