namespace PrimeDeploy.Deployer;

/// <summary>
/// The tasks of the lab, in its order. Every resource belongs to exactly one; a build shows and awaits them task by task.
/// </summary>
public enum Step
{
    /// <summary>The bucket with the startup scripts and the program, and the way there for machines without external addresses.</summary>
    Bucket,

    /// <summary>What a backend machine is made of.</summary>
    Template,

    /// <summary>Who may talk to the backends.</summary>
    Firewall,

    /// <summary>The backends, and the load balancer's address, which has to be reserved before a machine takes it.</summary>
    InstanceGroup,

    /// <summary>How a backend shows that it serves.</summary>
    HealthCheck,

    /// <summary>The group behind the load balancer.</summary>
    BackendService,

    /// <summary>The load balancer's address and port.</summary>
    ForwardingRule,

    /// <summary>The public web server, and its opening in the firewall.</summary>
    Frontend,
}
