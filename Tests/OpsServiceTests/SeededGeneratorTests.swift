import OpsService
import Testing

@Suite("Chance from a seed")
struct SeededGeneratorTests {
    @Test("one seed gives one sequence, on every machine")
    func known() {
        var generator = SeededGenerator(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ]
        )
    }

    @Test("a fork is its own sequence, whatever is drawn elsewhere")
    func forks() {
        let root = SeededGenerator(seed: 7)
        var first = root.fork("load")
        var again = root.fork("load")
        var other = root.fork("faults")
        let numbers = (0..<5).map { _ in first.next() }
        #expect(numbers == (0..<5).map { _ in again.next() })
        #expect(numbers != (0..<5).map { _ in other.next() })
        #expect((0..<1_000).map { _ in first.nextUnit() }.allSatisfy { (0..<1).contains($0) })
    }
}
