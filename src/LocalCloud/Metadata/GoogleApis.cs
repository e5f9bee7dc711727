using PrimeDeploy.LocalCloud.Storage;

namespace PrimeDeploy.LocalCloud.Metadata;

/// <summary>What Google's host names offer inside a network: Cloud Storage for machines with a token, and the keys of their identity tokens.</summary>
internal sealed class GoogleApis(StorageApi storage, TokenAccess access, IdentityTokens identities)
{
    public Task HandleAsync(HttpContext context)
    {
        if (context.Request.Path == IdentityTokens.KeysPath)
        {
            context.Response.ContentType = "application/json; charset=UTF-8";
            return context.Response.WriteAsync(identities.Keys(), context.RequestAborted);
        }

        return storage.HandleAsync(context, access);
    }
}
