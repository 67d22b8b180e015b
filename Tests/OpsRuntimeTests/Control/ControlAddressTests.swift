import Testing

@testable import OpsRuntime

@Suite struct ControlAddressTests {
    @Test(arguments: ["/run/lab/target.sock", "engine:/run/engine.sock#opslab-default-"])
    func isReadAsItIsWritten(_ text: String) { #expect(ControlAddress(text).description == text) }

    @Test func tellsWhoAnswersThere() {
        #expect(ControlAddress("/run/lab/t.sock") == .supervisor("/run/lab/t.sock"))
        let engine = ControlAddress("engine:/a#b/e.sock#opslab-x-")
        #expect(engine == .engine(socket: "/a#b/e.sock", prefix: "opslab-x-"))
        #expect(engine.socket == "/a#b/e.sock")
    }

    @Test func aSchemeWithoutAPrefixIsAPath() {
        #expect(ControlAddress("engine:/run/engine.sock") == .supervisor("engine:/run/engine.sock"))
    }
}
