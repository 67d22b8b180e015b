import OpsModel
import Testing

@testable import OpsRuntime

@Suite struct HandicapDeskTests {
    private let second: UInt64 = 1_000_000_000

    @Test func itEndsByItself() {
        let desk = HandicapDesk()
        let handicap = Handicap(withheldReads: ["pg"], leaseS: 5)
        desk.set(handicap, at: 100 * second)
        #expect(desk.current(at: 104 * second) == handicap)
        #expect(desk.current(at: 105 * second) == nil)
        #expect(desk.current(at: 104 * second) == nil, "what has ended does not come back")
    }

    @Test func theNextTakesThePlaceOfTheLastAndNothingEndsIt() {
        let desk = HandicapDesk()
        desk.set(Handicap(withheldReads: ["pg"]), at: 0)
        let next = Handicap(withheldRunbooks: ["*"])
        desk.set(next, at: second)
        #expect(desk.current(at: 2 * second) == next)
        desk.set(Handicap(), at: 3 * second)
        #expect(desk.current(at: 3 * second) == nil)
    }
}
