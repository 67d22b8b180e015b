import OpsModel
import OpsService
import Testing

@testable import OpsScenario

@Suite struct DrawTests {
    let rules = [
        DrawRule(name: "onset", choice: .seconds(8...20)),
        DrawRule(name: "mode", choice: .oneOf(["row", "table"])),
        DrawRule(name: "load", choice: .rate(100...160)),
    ]

    func draw(_ seed: UInt64) -> Draw {
        var generator = SeededGenerator(seed: seed)
        return Draw(rules, using: &generator)
    }

    @Test func oneSeedGivesOneWorld() {
        #expect(draw(7) == draw(7))
        #expect(Set((1...50).map { draw(UInt64($0)) }).count > 40)
    }

    @Test func staysWithinItsBounds() throws {
        for seed in 1...200 as ClosedRange<UInt64> {
            let drawn = draw(seed)
            #expect((8...20).contains(try #require(drawn.values["onset"]?.doubleValue)), "seed \(seed)")
            #expect((100...160).contains(try #require(drawn.values["load"]?.intValue)), "seed \(seed)")
        }
    }

    @Test func resolvesNamesAndMoments() {
        let drawn = Draw(values: ["onset": 9.5, "mode": "row"])
        #expect(drawn.resolve("$mode") == "row")
        #expect(drawn.resolve("plain") == "plain")
        #expect(drawn.seconds(of: .init(draw: "onset", offsetS: -4)) == 5.5)
        #expect(drawn.seconds(of: .init(draw: nil, offsetS: -4)) == 0)
    }

    @Test(arguments: [(2.3, 2.4), (0.7, 0.9), (1.1, 1.1), (0.25, 0.4)])
    func aTimeIsATenthWithinItsRange(low: Double, high: Double) throws {
        let rule = DrawRule(name: "onset", choice: .seconds(low...high))
        for seed in 1...50 as ClosedRange<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let drawn = try #require(Draw([rule], using: &generator).values["onset"]?.doubleValue)
            #expect((low...high).contains(drawn), "seed \(seed)")
        }
    }
}
