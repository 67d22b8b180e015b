import Testing

@testable import ChaosServer

@Suite("Who has been quiet for too long")
struct SilenceTests {
    private let second: UInt64 = 1_000_000_000

    @Test("Two silent seconds, reported once")
    func quiet() {
        var silence = Silence()
        silence.hear(.server, at: 0)
        for tick in 0...20 { #expect(silence.look(at: UInt64(tick) * self.second / 10).isEmpty) }
        #expect(silence.look(at: 2 * self.second + 1) == [.server])
        #expect(silence.look(at: 3 * self.second) == [])
    }

    @Test("Whoever was away himself blames nobody, nor does a first look")
    func absence() {
        var silence = Silence()
        silence.hear(.guardian, at: 0)
        #expect(silence.look(at: 9 * self.second).isEmpty)
        #expect(silence.look(at: 10 * self.second).isEmpty)
        #expect(silence.look(at: 30 * self.second).isEmpty)
    }
}
