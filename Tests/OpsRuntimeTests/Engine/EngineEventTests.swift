import Testing

@testable import OpsRuntime

@Suite struct EngineEventTests {
    @Test func whatHappenedToAContainerHasItsName() {
        let line = #"""
            {"status":"start","id":"8f1","from":"shop","Type":"container","Action":"start","Actor":{"ID":"8f1",\#
            "Attributes":{"image":"shop","name":"opslab-x-web"}},"scope":"local","time":1700000000,"timeNano":1700000000000042007}
            """#
        let event = EngineEvent(
            nanoseconds: 1_700_000_000_000_042_007,
            subject: "8f1",
            action: "start",
            container: "opslab-x-web"
        )
        #expect(EngineEvent(line: line) == event)
    }

    @Test func whatHappenedToANetworkHasNone() {
        let line =
            #"{"Type":"network","Action":"create","Actor":{"ID":"n1","Attributes":{"name":"opslab-x-web"}},"timeNano":7}"#
        #expect(EngineEvent(line: line) == EngineEvent(nanoseconds: 7, subject: "n1", action: "create"))
    }

    @Test(arguments: ["", "{", "[]", #"{"Action":"start","Actor":{"ID":"8f1"}}"#, #"{"timeNano":7}"#])
    func whatMakesNoSenseIsNoEvent(_ line: String) { #expect(EngineEvent(line: line) == nil) }
}
