import Testing

@testable import ControlPlane

@Suite struct DecoyTests {
    @Test func aNameThatIsNoDecoyIsAnError() throws {
        #expect(try Decoy(named: "benign-deploy") == .benignDeploy)
        #expect(try Decoy(named: "none") == Decoy.none)
        #expect(throws: RefereeError.self) { try Decoy(named: "trafic-spike") }
    }
}
