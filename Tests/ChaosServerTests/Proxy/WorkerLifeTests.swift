import Testing

@testable import ChaosServer

@Suite("What a guard does about its worker")
struct WorkerLifeTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("One that could not even begin is given up; later ones are started again, quick deaths after a pause")
    func endings() {
        var life = WorkerLife()
        life.started(at: 0)
        #expect(life.ended(at: Self.second) == .giveUp)
        life.heard(isReady: true)
        #expect(life.ended(at: 5 * Self.second) == .start(afterMilliseconds: 0))
        life.started(at: 5 * Self.second)
        #expect(life.ended(at: 5 * Self.second + 1) == .start(afterMilliseconds: 100))
        #expect(life.starts == 2)
    }

    @Test("Silence counts only in a row, and one that is silent is killed once")
    func silence() {
        var life = WorkerLife()
        life.started(at: 0)
        for _ in 1..<WorkerLife.patience { #expect(life.heardNothing() == .nothing) }
        life.heard()
        for _ in 1..<WorkerLife.patience { #expect(life.heardNothing() == .nothing) }
        #expect(life.heardNothing() == .kill)
        #expect(life.heardNothing() == .nothing)
        life.started(at: Self.second)
        #expect(life.heardNothing() == .nothing)
    }
}
