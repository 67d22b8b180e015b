import OpsHTTP
import OpsModel
import Testing

@testable import ControlPlane

@Suite struct JobTriggerTests {
    @Test func onlyABusyJobIsAskedAgainAndNotForEver() {
        let busy = RemoteError(status: 409, code: "already_running", message: "The report is running.")
        let refused = RemoteError(status: 403, code: "forbidden", message: "No.")
        #expect(JobTrigger.isWorthAnotherTry(busy, after: 0))
        #expect(JobTrigger.isWorthAnotherTry(busy, after: 9.9))
        #expect(!JobTrigger.isWorthAnotherTry(busy, after: 10))
        #expect(!JobTrigger.isWorthAnotherTry(refused, after: 0))
        #expect(!JobTrigger.isWorthAnotherTry(CancellationError(), after: 0))
    }
}
