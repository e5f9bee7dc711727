using System.Reflection;
using Cake.Frosting;

namespace PrimeDeploy.Substitutes.Tests.Cake.Frosting;

public sealed class PublicSurfaceTests
{
    /// <summary>The file lists the published members that the stand-in covers, by their published signatures: one more here would not compile there.</summary>
    [Fact]
    public void Nothing_is_public_that_the_published_package_does_not_have()
    {
        var actual = typeof(CakeHost).Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Where(IsVisible)
                .Select(member => $"{type}: {member}")
                .Prepend($"{type} : {string.Join(", ", Bases(type))}"))
            .Order(StringComparer.Ordinal);

        var published = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Cake.Frosting", "PublicSurface.txt"));
        Assert.Equal(published, actual);
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily) && !method.Name.StartsWith("get_", StringComparison.Ordinal),
        PropertyInfo property => property.GetMethod!.IsPublic,
        _ => false,
    };

    private static IEnumerable<Type?> Bases(Type type) =>
        type.GetInterfaces().Order(Comparer<Type>.Create((one, other) => string.CompareOrdinal(one.FullName, other.FullName))).Prepend(type.BaseType);
}
