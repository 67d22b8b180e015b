import OpsSystem
import Testing

@testable import ControlPlane

@Suite struct CanaryTests {
    @Test func `each place has a word of its own, the injector's is the run's name`() {
        let canary = Canary(run: "run-abc")
        #expect(canary[.faults] == "run-abc")
        #expect(Set(Canary.Place.allCases.map { canary[$0] }).count == Canary.Place.allCases.count)
        #expect(canary[.rows] != Canary(run: "run-abc")[.rows])
    }

    @Test func `a word is found wherever it stands, and no word of another run`() {
        let canary = Canary(run: "run-abc")
        let told = #"{"statement":"I saw \#(canary[.processes]) and \#(canary[.files])."}"#
        #expect(canary.places(in: told) == [.files, .processes])
        #expect(Canary(run: "run-xyz").places(in: told) == [])
    }

    @Test func `refusals are counted by status, and a service that began anew counts from zero`() {
        let metrics = """
            # HELP opslab_http_requests_total Requests
            opslab_http_requests_total{method="GET",route="/faults",status="200"} 40
            opslab_http_requests_total{method="GET",route="/faults",status="401"} 3
            opslab_http_requests_total{method="POST",route="/kill",status="403"} 2
            opslab_http_request_duration_seconds_count{method="GET",route="/faults",status="401"} 9
            """
        var before = RefusedRequests()
        before.count("", of: "chaos", statuses: [401, 403])
        var after = RefusedRequests()
        after.count(metrics, of: "chaos", statuses: [401, 403])
        #expect(after.counts == ["chaos": 5])
        #expect(after.since(before) == ["chaos refused 5 requests"])
        #expect(after.since(after) == [])
        var anew = RefusedRequests()
        anew.count(metrics, of: "chaos", statuses: [403])
        #expect(anew.since(after) == ["chaos refused 2 requests"])
    }
}
