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
        let told = [FaultState.intended, .intended, .applied, .applied, .reverted, .reverted].map {
            progress.take(record($0))
        }
        #expect(told == [true, false, true, false, true, false])
        #expect(progress.isOver("f1") && !progress.isOver("f2"))
        #expect(try OpsJSON.decode(FaultProgress.self, from: OpsJSON.encode(progress)) == progress)
    }

    @Test(arguments: [FaultState.pending, .failed, .reverting]) func whatMayStillChangeIsNotOver(_ state: FaultState) {
        var progress = FaultProgress()
        _ = progress.take(record(state))
        #expect(!progress.isOver("f1"))
    }
}
