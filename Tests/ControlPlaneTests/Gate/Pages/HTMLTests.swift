import Testing

@testable import ControlPlane

/// Nobody else's text becomes markup.
@Suite struct HTMLTests {
    @Test func literalsAreMarkupAndTheRestIsText() {
        let name = #"<script>alert("1" + '2')</script> & more"#
        let page: HTML = #"<p title="\#(name)">\#(name)</p>"#
        let shown = "&lt;script&gt;alert(&quot;1&quot; + &#39;2&#39;)&lt;/script&gt; &amp; more"
        #expect(page.markup == #"<p title="\#(shown)">\#(shown)</p>"#)
    }

    @Test func partsKeepTheirMarkup() {
        let items = ["a<b", "c"].map { item -> HTML in "<li>\(item)</li>" }
        let list: HTML = "<ul>\(items)</ul>\(7)\("<hr>" as HTML)"
        #expect(list.markup == "<ul><li>a&lt;b</li><li>c</li></ul>7<hr>")
    }

    @Test(arguments: [
        ("a\u{1B}[2Jb", "a␛[2Jb"), ("a\u{202E}b", "a⟨202E⟩b"), ("a\u{0}b", "a␀b"),
        ("a\u{2066}b\u{2069}", "a⟨2066⟩b⟨2069⟩"),
        ("a\u{9B}2Jb", "a⟨9B⟩2Jb"), ("a\r\nb", "a␍ b"), ("a\u{200B}b", "a⟨200B⟩b"), ("a\u{E0041}b", "a⟨E0041⟩b"),
    ])
    func whatCannotBeSeenIsShown(_ text: String, _ shown: String) {
        let page: HTML = "\(text)"
        #expect(page.markup == shown)
    }
}
