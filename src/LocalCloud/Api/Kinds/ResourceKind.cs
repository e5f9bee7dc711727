using System.Text.Json.Nodes;
using PrimeDeploy.LocalCloud.Control;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api.Kinds;

[Flags]
internal enum Scopes { Global = 1, Regional = 2, Zonal = 4 }

[Flags]
internal enum Methods { Get = 1, List = 2, Insert = 4, Delete = 8, Patch = 16, Update = 32, Read = Get | List, Immutable = Read | Insert | Delete, All = Immutable | Patch | Update }

/// <param name="Path">The members that hold links, for example <c>backends[].group</c>.</param>
/// <param name="Collection">What they link to.</param>
/// <param name="MustExist">A link to something that is not there, or is being deleted, is refused.</param>
/// <param name="Holds">What is linked to cannot be deleted as long as the link is there.</param>
internal sealed record LinkField(string Path, string Collection, bool MustExist = true, bool Holds = true);

/// <summary>One row of the table of resources: everything that the API has to know of a kind. All rows have this shape.</summary>
internal abstract class ResourceKind
{
    /// <summary>As it stands in URLs, for example <c>instanceTemplates</c>.</summary>
    public abstract string Collection { get; }

    /// <summary>As it stands behind <c>compute#</c>, for example <c>instanceTemplate</c>.</summary>
    public abstract string Singular { get; }

    public abstract Scopes Scopes { get; }

    public virtual Methods Methods => Methods.Immutable;

    /// <summary>The methods in one scope, for a kind that has fewer of them in some.</summary>
    public virtual Methods MethodsIn(string scope) => Methods;

    /// <summary>What a list in a scope is called, without the List at its end.</summary>
    public virtual string ListKind(string scope) => Singular;

    /// <summary>The operations of some kinds are called <c>compute.instanceTemplates.insert</c>, of most just <c>insert</c>.</summary>
    public virtual bool QualifiesOperations => false;

    public virtual IReadOnlyList<LinkField> Links => [];

    /// <summary>Members that patch and update may not change, besides the name. All others may, also those that this server does not know.</summary>
    public virtual IReadOnlyList<string> Immutable => [];

    /// <summary>Members that only the server writes, besides those that every kind has: what a client sends in them is ignored.</summary>
    public virtual IReadOnlyList<string> OutputOnly => [];

    /// <summary>True when documents carry a fingerprint that a later patch or update has to match.</summary>
    public virtual bool HasFingerprint => false;

    public virtual bool HasLabels => false;

    /// <summary>True when machines or their network follow this kind: its operations are done when they agree.</summary>
    public virtual bool AffectsMachines => false;

    /// <summary>Fills in defaults and says what is wrong. Links are in their one form, and the server's fields are set already.</summary>
    public virtual void Complete(Draft draft)
    {
    }

    /// <summary>Called in the same step as the insert, for what has to come into being together with it.</summary>
    public virtual void Inserted(Draft draft)
    {
    }

    /// <summary>Called in the same step as the removal, for what goes together with it.</summary>
    public virtual void Removed(ResourceName name, DocumentStore store)
    {
    }

    /// <summary>Who uses the resource and has to go first; null when it may be deleted.</summary>
    public virtual ResourceName? UserOf(ResourceName name, DocumentStore store) => ResourceTable.UserOf(name, store);

    /// <summary>Called before a delete is accepted, for other reasons to refuse it than that the resource is in use.</summary>
    /// <exception cref="ApiException">It may not be deleted.</exception>
    public virtual void CheckDelete(ResourceName name, JsonObject json, DocumentStore store)
    {
    }

    /// <summary>Called when its deletion is accepted, on the document that stays until the operation is done.</summary>
    public virtual void MarkDeleting(JsonObject json) => Local.Set(json, Local.Deleting, true);

    /// <summary>What the API shows: the document with what follows from others added.</summary>
    public virtual JsonObject View(ResourceName name, JsonObject json, DocumentStore store) => json;

    /// <summary>Methods besides the common ones, by the last segment of their URL.</summary>
    public virtual IReadOnlyDictionary<string, VerbHandler> Verbs => NoVerbs;

    /// <summary>
    /// What is left to do after the request was answered and until the operation is done. It depends on nothing but the verb and the target, so that
    /// a restarted server can do it again; it is therefore idempotent.
    /// </summary>
    /// <exception cref="OperationFailedException">The operation has failed.</exception>
    public virtual Task FinishAsync(string verb, ResourceName name, ComputeServices services, IComputeControl control, CancellationToken cancellationToken)
    {
        if (verb == "delete")
            ResourceTable.Remove(this, name, services.Store);
        return AffectsMachines ? control.WhenAppliedAsync(services.Store.Version, cancellationToken) : Task.CompletedTask;
    }

    private static readonly Dictionary<string, VerbHandler> NoVerbs = [];
}

/// <param name="Method">The HTTP method that it is called with.</param>
/// <param name="Handle">Runs inside one step of the store; it refuses by throwing <see cref="ApiException"/>.</param>
internal sealed record VerbHandler(string Method, Func<VerbCall, ApiAnswer> Handle)
{
    /// <summary>False when it may be called with the name of something that is not there; the document is empty then.</summary>
    public bool NeedsResource { get; init; } = true;
}

/// <param name="Document">The resource as it is.</param>
/// <param name="Start">Starts an operation of this verb on the resource, whose rest is <see cref="ResourceKind.FinishAsync"/>.</param>
internal sealed record VerbCall(ApiCall Call, ResourceName Name, JsonObject Document, ComputeServices Services, IComputeControl Control, Func<ApiAnswer> Start);
