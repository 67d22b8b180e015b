import Testing

@testable import OpsTrust

@Suite struct AcceptedKeysTests {
    private let list = AcceptedKeys(of: ["one", "two"])

    @Test func letsInWhatIsOnIt() {
        #expect(list.accepts("one") && list.accepts("two"))
        #expect(!list.accepts("three") && !list.accepts(""))
        #expect(!AcceptedKeys(text: "").accepts(""))
    }

    @Test func holdsNoKey() {
        #expect(!list.text.contains("one") && !list.text.contains("two"))
        #expect(!list.accepts(Digest.sha256("one").hex), "a digest is no key")
    }

    @Test func addsAndRemovesOneKeyAlone() {
        #expect(list.removing("one") == AcceptedKeys(of: ["two"]))
        #expect(list.removing("three") == list)
        #expect(list.adding("one") == list)
        #expect(list.adding("three") == AcceptedKeys(of: ["one", "two", "three"]))
        #expect(list.adding("three").removing("three") == list)
        #expect(list.removing("one").removing("two").text.isEmpty)
    }

    @Test func keepsWhatItDoesNotUnderstand() {
        let remarked = AcceptedKeys(text: "# of the shop\n\(list.text)not hexadecimal")
        #expect(remarked.removing("one").text.hasPrefix("# of the shop\n"))
        #expect(remarked.adding("three").accepts("three"), "a last line without an end is ended first")
        #expect(remarked.adding("three").text.contains("not hexadecimal\n"))
    }

    @Test func isKnownByItsText() {
        #expect(list.fingerprint == Digest.sha256(list.text).hex)
        #expect(list.fingerprint != list.removing("one").fingerprint)
    }
}
