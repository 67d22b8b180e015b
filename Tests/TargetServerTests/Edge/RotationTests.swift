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
        #expect((0..<6).map { _ in rotation.next() } == [0, 1, 0, 1, 0, 1])
    }

    @Test func aSuspectKeepsAFifth() {
        var rotation = Rotation(count: 2)
        #expect(rotation.refused(1))
        #expect(!rotation.refused(1), "told once")
        #expect(shares(&rotation, 100) == [80, 20])
    }

    @Test func trustComesBackAfterARowOfAnswers() {
        var rotation = Rotation(count: 2)
        _ = rotation.refused(1)
        #expect((0..<3).map { _ in rotation.answered(1) } == [false, false, false])
        _ = rotation.refused(1)
        #expect((0..<4).map { _ in rotation.answered(1) } == [false, false, false, true])
        #expect(rotation.state(1) == .healthy)
    }

    @Test func aDrainingInstanceGetsNothing() {
        var rotation = Rotation(count: 2)
        rotation.setDraining(0, true)
        #expect(shares(&rotation, 10) == [0, 10])
        rotation.setDraining(1, true)
        #expect(rotation.next() == nil)
        rotation.setDraining(0, false)
        #expect(rotation.next() == 0)
    }
}
