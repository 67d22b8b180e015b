import OpsModel
import Testing

@testable import ChaosServer

@Suite struct FaultProgressTests {
    func record(_ state: FaultState) -> FaultRecord {
        FaultRecord(
            id: "f1",
            fault: "x",
            persistence: .held,
            state: state,
            target: "db",
            leaseS: 10,
            requestedAt: Timestamp(microseconds: 0)
        )
    }

    @Test func eachStateIsToldOnceAndTheLastOneEndsIt() throws {
        var progress = FaultProgress()
        let told = [FaultState.intended, .intended, .applied, .applied, .reverted, .reverted].map { state in
            defer { progress.tell(record(state)) }
            return progress.isNews(record(state))
        }
        #expect(told == [true, false, true, false, true, false])
        progress.store(record(.applied))
        #expect(!progress.isOver("f1"), "the table does not know yet")
        progress.store(record(.reverted))
        #expect(progress.isOver("f1") && !progress.isOver("f2"))
        #expect(!progress.lacksRow(record(.reverted)))
        #expect(try OpsJSON.decode(FaultProgress.self, from: OpsJSON.encode(progress)) == progress)
    }

    @Test(arguments: [FaultState.pending, .failed, .reverting]) func whatMayStillChangeIsNotOver(_ state: FaultState) {
        var progress = FaultProgress()
        progress.tell(record(state))
        progress.store(record(state))
        #expect(!progress.isOver("f1"))
    }

    @Test func aFileOfAnEarlierVersionKnowsOfNoRows() throws {
        let progress = try OpsJSON.decode(FaultProgress.self, from: Array(#"{"told":{"f1":"reverted"}}"#.utf8))
        #expect(!progress.isNews(record(.reverted)) && progress.lacksRow(record(.reverted)))
    }
}
