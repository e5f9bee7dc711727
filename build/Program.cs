using Cake.Frosting;
using Microsoft.Extensions.DependencyInjection;
using PrimeDeploy.Build;
using PrimeDeploy.Build.Reporting;

var exit = new ExitStatus();
var output = new StandardOutput(args);
return exit.Or(new CakeHost()
    .ConfigureServices(services => services.AddSingleton(exit).AddSingleton(output))
    .UseContext<BuildContext>()
    .UseLifetime<BuildLifetime>()
    .UseTaskLifetime<BuildTaskLifetime>()
    .Run(args));
