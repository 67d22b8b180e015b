import Testing

@testable import TargetServer

@Suite struct RotationTests {
    private func shares(_ rotation: inout Rotation, _ turns: Int) -> [Int] {
        (0..<turns).reduce(into: [0, 0]) { shares, _ in
            if let index = rotation.next() { shares[index] += 1 }
        }
    }

    @Test func healthyInstancesTakeTurns() {
        var rotation = Rotation(count: 2)
        let turns = (0..<6).map { _ in rotation.next() }
        #expect(turns == [0, 1, 0, 1, 0, 1])
    }

    @Test func aSuspectKeepsAFifth() {
        var rotation = Rotation(count: 2)
        let told = [rotation.refused(1), rotation.refused(1)]
        #expect(told == [true, false])
        let shares = shares(&rotation, 100)
        #expect(shares == [80, 20])
    }

    @Test func trustComesBackAfterARowOfAnswers() {
        var rotation = Rotation(count: 2)
        _ = rotation.refused(1)
        let early = (0..<3).map { _ in rotation.answered(1) }
        #expect(early == [false, false, false])
        _ = rotation.refused(1)
        let row = (0..<4).map { _ in rotation.answered(1) }
        #expect(row == [false, false, false, true])
        #expect(rotation.state(1) == .healthy)
    }

    @Test func aDrainingInstanceGetsNothing() {
        var rotation = Rotation(count: 2)
        rotation.setDraining(0, true)
        let shares = shares(&rotation, 10)
        #expect(shares == [0, 10])
        rotation.setDraining(1, true)
        let none = rotation.next()
        #expect(none == nil)
        rotation.setDraining(0, false)
        let first = rotation.next()
        #expect(first == 0)
    }
}
