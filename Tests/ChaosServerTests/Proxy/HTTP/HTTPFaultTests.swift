import OpsModel
import Testing

@testable import ChaosServer

@Suite("Wrong answers")
struct HTTPFaultTests {
    private func fault(_ type: String = "http_status", _ attributes: [String: JSONValue] = [:]) throws -> HTTPFault {
        try HTTPFault(type: type, attributes: attributes)
    }

    @Test("A route is a path and what lies below it, with one method or any")
    func routes() throws {
        let some = try self.fault("http_status", ["path": "/charges", "method": "POST"])
        #expect(some.isMeant("POST", "/charges") && some.isMeant("POST", "/charges/7?x=/y"))
        #expect(some.isMeant("POST", "http://host:1/charges#f"))
        #expect(!some.isMeant("GET", "/charges") && !some.isMeant("POST", "/chargesX") && !some.isMeant("POST", "/"))
        #expect(!some.isMeant("POST", "/x?http://h/charges"))
        let all = try self.fault("http_body")
        #expect(all.isMeant("GET", "/") && all.isMeant("DELETE", "/a/b") && all.isMeant("GET", "http://host"))
        let below = try self.fault("http_body", ["path": "/a/"])
        #expect(below.isMeant("GET", "/a/b") && !below.isMeant("GET", "/a"))
    }

    @Test("Attributes have their usual values, and are checked all at once")
    func attributes() throws {
        #expect(try self.fault().attributes == ["status": 503, "path": "/"])
        #expect(try self.fault("http_body").attributes == ["body": "", "path": "/"])
        let whole: [String: JSONValue] = [
            "status": 429, "body": "{}", "content_type": "application/json", "path": "/a", "method": "GET",
        ]
        #expect(try self.fault("http_status", whole).attributes == whole)
        for (name, value) in [
            ("status", 204), ("status", 100), ("status", 600), ("status", "x"), ("path", "a"), ("path", "/a b"),
            ("path", "/a\r\n"), ("method", "get"), ("method", "GET "), ("content_type", "a\r\nb: c"),
            ("content_type", ""),
            ("body", 1), ("body", .string(String(repeating: "x", count: 70_000))), ("share", 1),
        ] as [(String, JSONValue)] {
            #expect(throws: ChaosError.self, "\(name)") { try self.fault("http_status", [name: value]) }
        }
        #expect(throws: ChaosError.self) { try self.fault("http_body", ["status": 500]) }
        #expect {
            try self.fault("http_status", ["status": 1, "path": "x", "y": 1])
        } throws: {
            let text = ($0 as? ChaosError)?.message ?? ""
            return ["status", "path", "y"].allSatisfy(text.contains)
        }
    }
}
