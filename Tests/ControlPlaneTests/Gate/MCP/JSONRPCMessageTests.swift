import OpsModel
import Testing

@testable import ControlPlane

@Suite struct JSONRPCMessageTests {
    private func message(_ text: String) throws -> JSONRPCMessage {
        guard case .one(let message) = JSONRPCBody(Array(text.utf8)) else { throw JSONRPCError.unreadable }
        return message
    }

    @Test func aRequestKeepsItsKindOfID() throws {
        let wanted = JSONRPCRequest(id: .number(7), method: "ping", parameters: [:])
        #expect(try message(#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#) == .request(wanted))
        let named = JSONRPCRequest(id: .text("7"), method: "ping", parameters: ["a": 1])
        #expect(try message(#"{"jsonrpc":"2.0","id":"7","method":"ping","params":{"a":1}}"#) == .request(named))
        #expect(JSONRPCReply(.text("7"), .success([:])).json["id"] == "7")
        #expect(JSONRPCReply(nil, .failure(.unreadable)).json["id"] == .null)
    }

    @Test func withoutAnIDItIsANotification() throws {
        let told = try message(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
        #expect(told == .notification(method: "notifications/initialized", parameters: [:]))
        #expect(try message(#"{"jsonrpc":"2.0","id":1,"result":{}}"#) == .response)
        #expect(try message(#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}}"#) == .response)
    }

    @Test(arguments: [
        #"7"#, #""ping""#, #"{}"#, #"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, #"{"id":1,"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":1}"#, #"{"jsonrpc":"2.0","id":1,"method":7}"#,
        #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, #"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#,
        #"{"jsonrpc":"2.0","id":123456789012345678901234567890,"method":"ping"}"#,
    ])
    func whatIsNoMessageSaysWhy(_ text: String) throws {
        guard case .invalid(_, let why) = try message(text) else {
            Issue.record("taken: \(text)")
            return
        }
        #expect(!why.isEmpty)
    }

    @Test func aRefusalFindsItsRequestWhereTheIDCouldBeRead() throws {
        let refused = try message(#"{"jsonrpc":"2.0","id":"a","method":7}"#)
        #expect(refused == .invalid(.text("a"), why: "method has to be a string"))
    }

    @Test func aBatchIsReadPartByPart() {
        let body = JSONRPCBody(Array(#"[{"jsonrpc":"2.0","id":1,"method":"ping"},3]"#.utf8))
        let ping = JSONRPCRequest(id: .number(1), method: "ping", parameters: [:])
        #expect(body == .batch([.request(ping), .invalid(nil, why: "a message has to be an object")]))
        #expect(JSONRPCBody(Array("{".utf8)) == nil)
        #expect(JSONRPCBody([]) == nil)
        #expect(JSONRPCBody(Array("[]".utf8)) == .batch([]))
    }

    @Test func aVersionOfOursIsKeptAndAnyOtherBecomesTheNewest() {
        for version in MCPVersion.allCases { #expect(MCPVersion(negotiating: version.rawValue) == version) }
        #expect(MCPVersion(negotiating: "2024-11-05") == .november2025)
        #expect(MCPVersion(negotiating: "2026-07-28") == .november2025)
        #expect(MCPVersion.allCases.filter(\.allowsBatches) == [.march2025])
    }
}
