using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Control.Groups;

/// <summary>Inserts instances for a managed group, the same way as the API does for its users: merged from the template, with addresses of their own.</summary>
internal interface IMemberFactory
{
    /// <summary>Inserts the document with status PROVISIONING, its group (<see cref="Local.Group"/>), and the metadata <c>created-by</c> and <c>instance-template</c>.</summary>
    /// <param name="group">The managed group.</param>
    /// <param name="templateLink">Link of the instance template.</param>
    /// <param name="versionName">Name of the group's version; null when it has none.</param>
    /// <param name="instance">The name of the new instance.</param>
    /// <exception cref="OperationFailedException">The template is gone, no address is free, the instance is there already.</exception>
    JsonObject InsertMember(ResourceName group, string templateLink, string? versionName, ResourceName instance);

    /// <summary>Gives a member that exists what it can take over of another template without being made anew.</summary>
    /// <param name="group">The managed group.</param>
    /// <param name="templateLink">Link of the other template.</param>
    /// <param name="versionName">Name of the group's version; null when it has none.</param>
    /// <param name="instance">The member's instance.</param>
    /// <param name="restarts">It is reset, and takes over also what a machine only gets when it boots.</param>
    void UpdateMember(ResourceName group, string templateLink, string? versionName, ResourceName instance, bool restarts);
}
