import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Bodies of /break, as tools send them", .serialized)
struct BreakBodyTests {
    private static let form = "application/x-www-form-urlencoded"

    private func post(
        _ lab: ChaosLab,
        _ body: String,
        type: String = Self.form,
        headers: HTTPHeaders = [:]
    ) async throws -> (status: Int, body: JSONValue) {
        var headers = headers
        headers["Content-Type"] = type
        headers["Authorization"] = "Bearer \(lab.key)"
        let request = HTTPClientRequest(
            method: .post,
            url: "http://127.0.0.1:\(lab.port)/break/cache/corrupt",
            headers: headers,
            body: Array(body.utf8),
            timeout: .seconds(20)
        )
        let answer = try await HTTPClient().send(request)
        return (answer.status, try OpsJSON.decode(JSONValue.self, from: answer.body))
    }

    @Test("A form breaks what it names, can be read back by the name it gave, and is taken back by it")
    func form() async throws {
        try await ChaosLab.with { lab in
            let body = "target=cache&lease_s=30&with.mode=wrong&with.share=0.5&with.seed=7&run=form+run&id=experiment01"
            let answer = try await self.post(lab, body)
            #expect(answer.status == 201, "\(answer.body)")
            let record = try await lab.client.fault("experiment01")
            #expect(record.state == .verified && record.run == "form run" && record.leaseS == 30)
            #expect(record.with == ["mode": "wrong", "share": 0.5, "seed": 7])
            let found: [FaultRecord] = try await ServiceClient(base: "http://127.0.0.1:\(lab.port)", key: lab.key)
                .get("/faults?run=form%20run&open=true")
            #expect(found.map(\.id) == ["experiment01"])
            #expect(try await lab.client.revert("experiment01").state == .reverted)
        }
    }

    @Test("A bad form is told apart from others and breaks nothing")
    func badForms() async throws {
        try await ChaosLab.with { lab in
            let long = (0..<65).map { "with.a\($0)=1" }.joined(separator: "&")
            let cases: [(String, Int, String)] = [
                ("", 400, "body_missing"), ("target=cache&lease_s=%zz", 400, "malformed_form"),
                ("target=cache&target=db&lease_s=5", 400, "repeated_member"), (long, 400, "form_too_long"),
                ("target=cache", 422, "wrong_shape"), ("target=cache&lease_s=soon", 422, "bad_parameter"),
                ("target=cache&lease_s=5&forever=true", 422, "bad_parameter"),
                ("target=cache&lease_s=5&with=mode", 422, "bad_parameter"),
                ("target=cache&lease_s=5&with.colour=red", 422, "bad_parameter"),
                ("target=cache&lease_s=5&with.share=much", 422, "bad_parameter"),
                ("target=cache&lease_s=5&with.share=7", 422, "bad_parameter"),
                ("target=cache&lease_s=9999", 422, "bad_lease"), ("target=nowhere&lease_s=5", 422, "bad_target"),
                ("target=cache&lease_s=5&id=short", 422, "bad_parameter"),
                ("target=cache&lease_s=5&id=..%2F..%2Fetc%2Fpasswd", 422, "bad_parameter"),
                ("target=cache&lease_s=5&id=" + String(repeating: "a", count: 33), 422, "bad_parameter"),
            ]
            for (body, status, code) in cases {
                let answer = try await self.post(lab, body)
                #expect(answer.status == status, "\(body): \(answer.body)")
                #expect(answer.body["code"]?.stringValue == code, "\(body): \(answer.body)")
            }
            let multipart = try await self.post(lab, "target=cache", type: "multipart/form-data; boundary=x")
            #expect(multipart.status == 415)
            #expect(try FaultStore(state: lab.state).ids().isEmpty)
        }
    }

    @Test("The same request under the same id is done once, whatever became of it, and the id serves no other")
    func sameID() async throws {
        try await ChaosLab.with { lab in
            let body = "target=cache&lease_s=30&id=onlyonce1"
            #expect(try await self.post(lab, body).status == 201)
            let again = try await self.post(lab, body)
            #expect(again.status == 200 && again.body["data"]?["id"] == "onlyonce1")
            let json = #"{"id":"onlyonce1","target":"cache","lease_s":30}"#
            #expect(try await self.post(lab, json, type: "application/json").status == 200)
            let other = try await self.post(lab, "target=cache&lease_s=31&id=onlyonce1")
            #expect(other.status == 409 && other.body["code"] == "id_taken", "\(other.body)")
            #expect(try await lab.client.revert("onlyonce1").endedAt != nil)
            let late = try await self.post(lab, body)
            #expect(late.status == 200 && late.body["data"]?["state"] == "reverted")
            #expect(try await lab.client.faults().count == 1)
        }
    }

    @Test("An idempotency key names the fault for its caller; with an id as well it is refused")
    func idempotencyKey() async throws {
        try await ChaosLab.with { lab in
            let body = "target=cache&lease_s=30"
            let key: HTTPHeaders = ["Idempotency-Key": "deploy-7"]
            let first = try await self.post(lab, body, headers: key)
            #expect(first.status == 201)
            let second = try await self.post(lab, body, headers: key)
            #expect(second.status == 200 && second.body["data"]?["id"] == first.body["data"]?["id"])
            #expect(try await self.post(lab, body + "&id=abcdefgh", headers: key).status == 422)
            let long: HTTPHeaders = ["Idempotency-Key": String(repeating: "k", count: 256)]
            #expect(try await self.post(lab, body, headers: long).status == 422)
            #expect(try await lab.client.faults().count == 1)
        }
    }

    @Test("After a start anew an id is still known")
    func survives() async throws {
        try await ChaosLab.with { lab in
            let body = "target=cache&lease_s=30&id=survivor1"
            #expect(try await self.post(lab, body).status == 201)
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await lab.awaitServerEnd()
            try await lab.start()
            let again = try await self.post(lab, body)
            #expect(again.status == 200 && again.body["data"]?["ended_at"]?.stringValue != nil, "\(again.body)")
        }
    }
}
