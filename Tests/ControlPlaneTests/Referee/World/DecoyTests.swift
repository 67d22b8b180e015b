import OpsScenario
import Testing

@testable import ControlPlane

@Suite struct DecoyTests {
    @Test func aNameThatIsNoDecoyIsAnError() throws {
        #expect(try Decoy(named: "benign-deploy").kind == .benignDeploy)
        #expect(try Decoy(named: "none").kind == DecoyKind.none)
        #expect(throws: RefereeError.self) { try Decoy(named: "trafic-spike") }
    }
}
