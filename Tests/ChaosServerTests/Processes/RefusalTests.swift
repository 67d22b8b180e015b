import ChaosClient
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("What is refused, and that nothing happens then", .serialized)
struct RefusalTests {
    private func refusal(_ lab: ChaosLab, _ fault: String, _ request: FaultRequest) async throws -> RemoteError {
        try #require(await #expect(throws: RemoteError.self) { try await lab.client.inject(fault, request) })
    }

    @Test("Bad requests are told apart, and leave no fault behind")
    func requests() async throws {
        try await ChaosLab.with(atMost: 1) { lab in
            let cases: [(String, FaultRequest, Int, String)] = [
                ("cache-corrupt", FaultRequest(target: "nowhere", leaseS: 5), 422, "bad_target"),
                ("cache-corrupt", FaultRequest(target: "db", leaseS: 5), 422, "bad_target"),
                ("cache-corrupt", FaultRequest(target: "cache", leaseS: 0.2), 422, "bad_lease"),
                ("cache-corrupt", FaultRequest(target: "cache", leaseS: 100_000), 422, "bad_lease"),
                ("cache-corrupt", FaultRequest(target: "cache", with: ["share": 7], leaseS: 5), 422, "bad_parameter"),
                (
                    "cache-corrupt", FaultRequest(target: "cache", with: ["colour": "red"], leaseS: 5), 422,
                    "bad_parameter"
                ),
                ("db-lock", FaultRequest(target: "db", with: ["table": "pg_authid"], leaseS: 5), 422, "bad_parameter"),
                (
                    "db-credential", FaultRequest(target: "db", with: ["role": "postgres"], leaseS: 5), 422,
                    "bad_parameter"
                ),
                ("api-crash", FaultRequest(target: "api", leaseS: 5), 422, "bad_target"),
                ("upstream-down", FaultRequest(target: "payments", leaseS: 5), 503, "target_unavailable"),
            ]
            for (fault, request, status, code) in cases {
                let error = try await self.refusal(lab, fault, request)
                #expect(error.status == status, "\(fault) \(error)")
                #expect(error.code == code, "\(fault) \(error)")
            }
            #expect(try await lab.client.faults().isEmpty)
            #expect(try FaultStore(state: lab.state).ids().isEmpty)
            _ = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 30))
            let crowd = try await self.refusal(lab, "db-lock", FaultRequest(target: "db", leaseS: 5))
            #expect(crowd.code == "too_many_faults")
        }
    }

    @Test("Without the key, with a foreign origin, an unknown host or an unknown member nothing is broken")
    func callers() async throws {
        try await ChaosLab.with { try await self.callStrangely($0) }
    }

    @Test("The metrics, which anybody may read, tell that something was broken and not what")
    func metrics() async throws {
        try await ChaosLab.with { lab in
            _ = try await lab.client.inject("cache-corrupt", FaultRequest(target: "cache", leaseS: 30))
            let url = "http://127.0.0.1:\(lab.port)/metrics"
            let answer = try await HTTPClient().send(HTTPClientRequest(method: .get, url: url, timeout: .seconds(5)))
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.contains(#"route="/break/{fault}""#), "\(text)")
            for fault in FaultCatalog.descriptions {
                #expect(!text.contains(fault.path) && !text.contains(fault.kind.rawValue))
            }
        }
    }

    private func callStrangely(_ lab: ChaosLab) async throws {
        let body = Array(#"{"target":"cache","lease_s":5}"#.utf8)
        let url = "http://127.0.0.1:\(lab.port)/break/cache/corrupt"
        let cases: [(HTTPHeaders, [UInt8], Int)] = [
            (["Content-Type": "application/json"], body, 401),
            (
                ["Content-Type": "application/json", "X-API-Key": lab.key, "Origin": "http://evil.example"], body,
                403
            ),
            (["Content-Type": "application/json", "X-API-Key": lab.key, "Host": "evil.example"], body, 421),
            (["Content-Type": "text/plain", "X-API-Key": lab.key], body, 415),
            (["Content-Type": "application/json", "X-API-Key": lab.key], Array("{\"target\":".utf8), 400),
            (
                ["Content-Type": "application/json", "X-API-Key": lab.key],
                Array(#"{"target":"cache","lease_s":5,"forever":true}"#.utf8), 422
            ),
        ]
        for (headers, body, status) in cases {
            let request = HTTPClientRequest(
                method: .post,
                url: url,
                headers: headers,
                body: body,
                timeout: .seconds(5)
            )
            let answer = try await HTTPClient().send(request)
            #expect(answer.status == status)
        }
        #expect(try await lab.client.faults().isEmpty)
        let missing = await #expect(throws: RemoteError.self) { try await lab.client.fault("aaaaaaaaaaaaaaaa") }
        #expect(missing?.status == 404)
    }
}
