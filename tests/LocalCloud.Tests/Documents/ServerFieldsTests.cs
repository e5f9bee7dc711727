using PrimeDeploy.LocalCloud.Documents;

namespace PrimeDeploy.LocalCloud.Tests.Documents;

public sealed class ServerFieldsTests
{
    [Fact]
    public void A_fingerprint_is_the_same_after_a_client_has_decoded_it_and_encoded_it_for_urls()
    {
        foreach (var content in Enumerable.Range(0, 200))
        {
            var fingerprint = ServerFields.Fingerprint(content);
            var bytes = Convert.FromBase64String(fingerprint.Replace('-', '+').Replace('_', '/'));
            Assert.Equal(8, bytes.Length);
            Assert.Equal(fingerprint, Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'));
        }
    }
}
