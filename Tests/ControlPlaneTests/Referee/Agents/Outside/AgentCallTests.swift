import OpsModel
import Testing

@testable import ControlPlane

@Suite struct AgentCallTests {
    private func refusal(of text: String) -> AgentRefusal? {
        do {
            _ = try AgentCall(Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func `a call has a word, and may have a body and an id`() throws {
        let call = try AgentCall(Array(#"{"call": "read", "id": 7, "body": {"reads": []}}"#.utf8))
        #expect(call.kind == .read)
        #expect(call.id == 7)
        #expect(call.body == ["reads": []])
        #expect(try AgentCall(Array(#"{"call": "done"}"#.utf8)).body == [:])
    }

    @Test(arguments: [
        (#"{"call": "read"}"#, false), (#"{"call": "read", "incident": "inc-1"}"#, false),
        (#"{"call": "read", "incident": "inc-2"}"#, true), (#"{"call": "read", "incident": 2}"#, false),
    ])
    func `a call may say which incident it is about`(text: String, isOther: Bool) throws {
        let call = try AgentCall(Array(text.utf8))
        #expect(call.isAbout(another: "inc-1") == isOther)
        #expect(!call.isAbout(another: nil))
    }

    @Test(arguments: ["", "read", "[]", "\"read\"", "{", "{\"call\": \"read\"", "nul\u{0}l"])
    func `what is no JSON object is told so`(text: String) {
        #expect(refusal(of: text)?.code == "bad_message")
    }

    @Test(arguments: ["{}", #"{"call": 1}"#, #"{"call": "approve"}"#, #"{"call": "Read"}"#])
    func `a call that there is not is told which there are`(text: String) {
        #expect(refusal(of: text)?.code == "unknown_call")
        #expect(refusal(of: text)?.hint?.contains("propose") == true)
    }

    @Test func `an answer carries the id of its call`() {
        #expect(AgentNotice.answer([], to: "x").message == ["answer": [], "id": "x"])
        #expect(AgentNotice.answer([], to: nil).message == ["answer": []])
        #expect(AgentNotice.over("x", to: 7).message == ["over": "x", "id": 7])
        #expect(AgentNotice.over("x", to: nil).message == ["over": "x"])
    }

    @Test func `each limit has its own sentence`() {
        let limits = AgentLimits(calls: 2, outputBytes: 100, messageBytes: 50, badMessages: 1)
        var use = AgentUse(limits: limits)
        #expect(use.count(bytes: 10, isReadable: true) == nil)
        #expect(use.count(bytes: 10, isReadable: true) == nil)
        #expect(use.count(bytes: 10, isReadable: true) == "it made more than 2 calls")
        var flood = AgentUse(limits: limits)
        #expect(flood.count(bytes: 101, isReadable: true) == "it wrote more than 100 bytes")
        var noise = AgentUse(limits: limits)
        #expect(noise.count(bytes: 1, isReadable: false) == nil)
        #expect(noise.count(bytes: 1, isReadable: false) == "it sent more than 1 unreadable messages")
    }
}
