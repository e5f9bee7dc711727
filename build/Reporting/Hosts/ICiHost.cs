namespace PrimeDeploy.Build.Reporting.Hosts;

/// <summary>What a CI system shows of a run, beside its plain output.</summary>
internal interface ICiHost
{
    /// <summary>Everything printed until <see cref="EndGroup"/> can be folded under the name.</summary>
    void StartGroup(string name);

    void EndGroup();

    /// <param name="message">One error, shown beside the file and on the run's page.</param>
    /// <param name="file">Relative to the checkout; null when it is nobody's file.</param>
    void Error(string message, string? file);

    void Warning(string message);

    /// <summary>Has the system replace the text by stars in all that the job prints from now on.</summary>
    void Mask(string secret);

    /// <param name="percent">0 to 100.</param>
    /// <param name="doing">What is under way.</param>
    void Progress(int percent, string doing);

    /// <summary>A value for later steps.</summary>
    void Output(string name, string value);

    /// <param name="markdown">A page for the run.</param>
    /// <param name="file">The same page as a file.</param>
    void Summary(string markdown, string file);
}
