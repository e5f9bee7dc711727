namespace PrimeDeploy.Deployer;

/// <summary>Another run works on the deployment. Nothing was changed.</summary>
public sealed class LeaseHeldException : Exception
{
    internal LeaseHeldException(string deployment, LeaseHolder holder)
        : base($"{deployment} is being worked on: {holder.Owner} holds its lease for {holder.Doing}, since {Time(holder.Since)}. "
            + $"It ends at {Time(holder.Until)} unless it is renewed. Wait for it with --wait, or try again then.")
    {
        Owner = holder.Owner;
        Since = holder.Since;
        Until = holder.Until;
    }

    /// <summary>Who holds the lease: person or pipeline, and machine.</summary>
    public string Owner { get; }

    /// <summary>Since when, by the holder's clock.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>When the lease ends by itself if the holder is dead; a living one renews it before that.</summary>
    public DateTimeOffset Until { get; }

    private static string Time(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
}
