import OpsService
import Testing

@testable import ChaosServer

@Suite("Other content for a cache entry")
struct EntryDamageTests {
    private func altered(_ damage: EntryDamage, _ text: String, seed: UInt64 = 1) -> String {
        var generator = SeededGenerator(seed: seed)
        return String(decoding: damage.altered(Array(text.utf8), using: &generator), as: UTF8.self)
    }

    @Test(
        "wrong: each number is 0, texts stay, the checksum goes",
        arguments: [
            ("shop-cache 1 crc32c=1f expires=12\n{\"id\":7}", "shop-cache 1 expires=12\n{\"id\":0}"),
            ("shop-cache 1 expires=12 crc32c=1f\n[10]", "shop-cache 1 expires=12\n[0]"),
            ("h\n[-1.5e+3,0,105,true]", "h\n[0,0,0,true]"),
            ("h\n{\"a 1\":\"2 \\\"3\",\"b\":4}", "h\n{\"a 1\":\"2 \\\"3\",\"b\":0}"),
            ("h\n{\"a\":\"\\\\\",\"b\":44}", "h\n{\"a\":\"\\\\\",\"b\":0}"),
        ]
    )
    func wrong(_ old: String, _ new: String) { #expect(self.altered(.wrong, old) == new) }

    @Test("damaged: as long as before, and the checksum stays as it was")
    func damaged() {
        let old = "shop-cache 1 crc32c=1f expires=12\n{\"price_cents\":123456789,\"id\":1}"
        let new = self.altered(.damaged, old)
        #expect(new.utf8.count == old.utf8.count)
        #expect(new.hasPrefix("shop-cache 1 crc32c=1f expires=12\n"))
        #expect(self.altered(.damaged, old) == new)
    }

    @Test("nothing stays as it was, whatever it is", arguments: EntryDamage.allCases)
    func differs(_ damage: EntryDamage) {
        for text in ["x", "0", "{}", "[0]", "h\n", "h\n{\"a\":0}", "\"1\"", "a 1\n\"text\"", "9"] {
            for seed in UInt64(1)...20 { #expect(self.altered(damage, text, seed: seed) != text, "\(text)") }
        }
    }
}
