using System.Globalization;

namespace PrimeDeploy.DeployBench;

/// <param name="Root">The checkout that is measured.</param>
/// <param name="Runs">How often a deployment is made, repeated and taken down; figures are medians.</param>
/// <param name="IdleSeconds">How long the idle local cloud is watched.</param>
/// <param name="Patience">How long, over all runs, to wait for other programs to let go of the processors.</param>
/// <param name="FreshClone">Also measure a fresh clone, which builds everything.</param>
internal sealed record Options(string Root, int Runs, int IdleSeconds, TimeSpan Patience, bool FreshClone)
{
    public const string Help =
        """
        Usage: bench/deploy.sh [options]
          --runs N             deployments made, repeated and taken down, 1 to 50 (default 5)
          --idle-seconds N     how long the idle local cloud is watched, 5 to 600 (default 30)
          --patience-minutes N how long to wait in total for other programs to let go of the processors, 0 to 60 (default 10)
          --no-fresh-clone     leave out the clone that builds everything
        """;

    public static bool TryParse(IReadOnlyList<string> arguments, out Options? options, out string? problem)
    {
        problem = null;
        options = new Options(CheckoutRoot(), Runs: 5, IdleSeconds: 30, TimeSpan.FromMinutes(10), FreshClone: true);
        for (var index = 0; index < arguments.Count && problem is null; index++)
        {
            var (name, value) = arguments[index].Split('=', 2) is [var left, var right] ? (left, right) : (arguments[index], null);
            if (name == "--no-fresh-clone")
            {
                options = options with { FreshClone = false };
                continue;
            }
            value ??= index + 1 < arguments.Count ? arguments[++index] : "";
            options = name switch
            {
                "--runs" => options with { Runs = Whole(name, value, 1, 50, ref problem) },
                "--idle-seconds" => options with { IdleSeconds = Whole(name, value, 5, 600, ref problem) },
                "--patience-minutes" => options with { Patience = TimeSpan.FromMinutes(Whole(name, value, 0, 60, ref problem)) },
                _ => Unknown(options, name, ref problem),
            };
        }
        return problem is null;
    }

    private static int Whole(string name, string value, int least, int most, ref string? problem)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        problem = $"{name} is '{value}'. Allowed are whole numbers from {least} to {most}.";
        return least;
    }

    private static Options Unknown(Options options, string name, ref string? problem)
    {
        problem = $"Unknown option '{name}'.";
        return options;
    }

    private static string CheckoutRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PrimeDeploy.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmark does not run from a checkout.");
        return folder.FullName;
    }
}
