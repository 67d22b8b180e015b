import OpsRuntime
import Testing

@testable import ControlPlane

@Suite struct AgentSeatTests {
    @Test(arguments: [ProgramState.Phase.running, .starting, .backoff])
    func theBuiltInAgentComesBackWhereItWas(_ phase: ProgramState.Phase) {
        let seat = AgentSeat(judged: "proof", phase: phase)
        #expect(seat.before == .stop)
        #expect(seat.after == .start)
    }

    @Test(arguments: [ProgramState.Phase.stopped, .exited, nil])
    func nobodyIsStartedWhoWasNotThere(_ phase: ProgramState.Phase?) {
        let seat = AgentSeat(judged: "external", phase: phase)
        #expect(seat.before == nil)
        #expect(seat.after == nil)
    }

    @Test func itsOwnRunsNeedIt() {
        #expect(AgentSeat(judged: "builtin", phase: .stopped).before == .start)
        #expect(AgentSeat(judged: "builtin", phase: .running).before == nil)
        #expect(AgentSeat(judged: "builtin", phase: .running).after == nil)
    }
}
