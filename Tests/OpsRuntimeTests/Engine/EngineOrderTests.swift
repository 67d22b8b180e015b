import Testing

@testable import OpsRuntime

@Suite struct EngineOrderTests {
    @Test func everyOrderNamesOneContainer() throws {
        #expect(EngineOrder.state(of: "opslab-x-web").path == "/containers/opslab-x-web/json")
        #expect(EngineOrder.start("opslab-x-web").path == "/containers/opslab-x-web/start")
        #expect(EngineOrder.stop("opslab-x-web", killAfter: 3).path == "/containers/opslab-x-web/stop?t=3")
        #expect(EngineOrder.pause("opslab-x-web").path == "/containers/opslab-x-web/pause")
        #expect(EngineOrder.resume("opslab-x-web").path == "/containers/opslab-x-web/unpause")
        let order = try EngineOrder.prepare(["/bin/true", "a b"], in: "opslab-x-web")
        #expect(order.path == "/containers/opslab-x-web/exec")
        #expect(String(decoding: order.body, as: UTF8.self) == #"{"Cmd":["/bin/true","a b"]}"#)
    }

    @Test func whatIsCarriedOutAlreadyIsNoError() throws {
        #expect(try EngineOrder.start("web").value(status: 304, body: "") == nil)
        #expect(try EngineOrder.stop("web").value(status: 304, body: "") == nil)
        #expect(try EngineOrder.stop("web").value(status: 204, body: "") == nil)
    }

    @Test func refusalsSayWhatTheEngineSays() {
        func refusal(_ status: Int, _ body: String) -> RuntimeError? {
            do {
                _ = try EngineOrder.start("web").value(status: status, body: body)
                return nil
            } catch { return error }
        }
        #expect(refusal(404, #"{"message":"No such container: web"}"#)?.code == .unknownProgram)
        let refused = refusal(403, #"{"message":"not allowed"}"#)
        #expect(refused?.code == .supervisorRefused)
        #expect(refused?.message.contains("not allowed") == true)
        #expect(refusal(500, "<html>")?.message.contains("<html>") == true)
    }

    @Test func momentsOfASpanAreWrittenInNanoseconds() {
        let span = EngineOrder.events(since: 1_700_000_000_000_042_007, until: 1_700_000_001_500_000_000)
        #expect(span.path == "/events?since=1700000000.000042007&until=1700000001.500000000")
        #expect(EngineOrder.events(since: 1_000_000_000).path == "/events?since=1.000000000")
    }
}
