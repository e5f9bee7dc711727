using System.Security.Cryptography;
using System.Text;

namespace PrimeDeploy.Primes.Frontend;

/// <summary>How the page looks: light or dark as the reader's system is, from a telephone's width up.</summary>
internal static class PageStyle
{
    // The marks of the cells are added here and not in the table, whose cells stay as the lab has them; what follows the slash is what is read aloud.
    internal const string Css =
        """
        :root { color-scheme: light dark; --text: #1a1a1a; --back: #fff; --soft: #5c5f66; --line: #c8cbd0; --link: #0b57d0; --warn: #fff3cd }
        @media (prefers-color-scheme: dark) { :root { --text: #eceef1; --back: #16181c; --soft: #a7abb3; --line: #4a4e57; --link: #8ab4f8; --warn: #4a3b00 } }
        * { box-sizing: border-box }
        body { margin: 0 auto; max-width: 64rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back) }
        h1 { margin: 0 0 .75rem; font-size: 1.5rem; overflow-wrap: anywhere }
        a { color: var(--link) }
        :focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
        nav { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; justify-content: space-between; margin: 0 0 1rem }
        form { display: flex; gap: .5rem; align-items: center; white-space: nowrap }
        input { width: 11rem; min-width: 0; flex: 1 }
        input, button { font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .6rem }
        .matrix { overflow-x: auto }
        table { width: 100%; border-spacing: 3px; table-layout: fixed }
        caption { caption-side: bottom; padding-top: .5rem; text-align: left; color: var(--soft) }
        td { padding: .6em .1em; border-radius: 4px; text-align: center; color: #000; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
        td[bgcolor='#00ff00'] { font-weight: 700 }
        td[bgcolor='#00ff00']::after { content: ' ✓'; content: ' ✓' / ', prime' }
        .long { min-width: 60rem }
        .long td { font-size: .75rem }
        .warning { margin: 0 0 1rem; padding: .5rem .75rem; border-radius: 6px; background: var(--warn) }
        ul { margin: 0; padding: 0; list-style: none }
        li label { display: inline-flex; gap: .75rem; align-items: center }
        meter { width: 10rem }
        .primes { overflow-wrap: anywhere }
        @media (max-width: 40rem) { .medium { min-width: 38rem } td { font-size: .75rem; padding: .6em 0 } td[bgcolor='#00ff00']::after { display: block; line-height: 1 } form { order: 1; flex-basis: 100% } }
        """;

    /// <summary>
    /// Nothing but this style and the page's own form is allowed, so that text that came from elsewhere could not do anything even if it were not escaped.
    /// </summary>
    internal static readonly string ContentSecurityPolicy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; "
        + "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
}
