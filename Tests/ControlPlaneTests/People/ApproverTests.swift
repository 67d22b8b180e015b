import OpsTestKit
import Testing

@testable import ControlPlane

@Suite struct ApproverTests {
    @Test func whoHasNoKeyIsToldTheCommandThatMakesOne() throws {
        let directory = try TemporaryDirectory()
        let refusal = #expect(throws: GateRefusal.self) { _ = try Approver("second", in: directory.path) }
        #expect(refusal?.hint?.hasPrefix("opslab keys new second, then") == true)
    }
}
