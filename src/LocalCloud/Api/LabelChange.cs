using PrimeDeploy.LocalCloud.Api.Kinds;
using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Api;

/// <summary>The method setLabels, the same for every kind that has it.</summary>
internal static class LabelChange
{
    /// <exception cref="ApiException">The fingerprint is stale, or a label is not allowed.</exception>
    public static ApiAnswer SetLabels(VerbCall call)
    {
        var wanted = call.Call.RequireBody();
        var problems = new Problems();
        Naming.CheckLabels(problems, "labels", wanted.Object("labels"));
        problems.Throw();
        if (wanted.Text("labelFingerprint") is { } seen && seen != call.Document.Text("labelFingerprint"))
            throw ApiException.StaleFingerprint("labels");
        call.Services.Store.Update(call.Name, json =>
        {
            json["labels"] = wanted.Object("labels")?.DeepClone();
            json["labelFingerprint"] = ServerFields.Fingerprint(json["labels"]);
        });
        return call.Start();
    }
}
