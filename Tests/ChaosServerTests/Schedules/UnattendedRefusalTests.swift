import ChaosClient
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("Schedules and monkeys that are refused", .serialized)
struct UnattendedRefusalTests {
    private func post(_ lab: ChaosLab, _ path: String, _ body: String, key: String? = nil) async throws -> (Int, String)
    {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        if let key { headers["X-API-Key"] = key }
        let answer = try await HTTPClient().send(
            HTTPClientRequest(
                method: .post,
                url: "http://127.0.0.1:\(lab.port)\(path)",
                headers: headers,
                body: Array(body.utf8),
                timeout: .seconds(5)
            )
        )
        let document = try OpsJSON.decode(JSONValue.self, from: answer.body)
        return (answer.status, document["code"]?.stringValue ?? "")
    }

    private static func schedule(
        _ members: String = "",
        cron: String = "0 2 * * *",
        fault: String = "db-lock",
        request: String? = nil
    ) -> String {
        let request = request ?? #"{"target":"db","lease_s":5}"#
        return #"{"name":"one","cron":"\#(cron)","fault":"\#(fault)","request":\#(request)\#(members)}"#
    }

    @Test("Bad schedules are told apart, and none is kept")
    func schedules() async throws {
        try await ChaosLab.with { lab in
            let cases: [(String, Int, String)] = [
                ("", 400, "body_missing"), ("{", 400, ""), ("[]", 422, "bad_parameter"), ("{}", 422, ""),
                (Self.schedule(#","colour":"red""#), 422, "bad_parameter"),
                (Self.schedule(#","abort":{"colour":1}"#), 422, "bad_parameter"),
                (Self.schedule(#","blackouts":[{"from":"1","to":"2"}]"#), 422, ""),
                (Self.schedule(#","blackouts":[{"from":"10:00","to":"11:00","day":"mon"}]"#), 422, "bad_parameter"),
                (Self.schedule(#","abort":{}"#), 422, "bad_schedule"),
                (Self.schedule(cron: "61 * * * *"), 422, "bad_schedule"),
                (Self.schedule(cron: "0 0 30 2 *"), 422, "bad_schedule"),
                (Self.schedule(#","time_zone":"Europe/Nowhere""#), 422, "bad_schedule"),
                (Self.schedule(#","time_zone":"../../etc/passwd""#), 422, "bad_schedule"),
                (Self.schedule(#","late_tolerance_s":1e9"#), 422, "bad_schedule"),
                (Self.schedule(fault: "nothing"), 404, "unknown_fault"),
                (Self.schedule(request: #"{"target":"nowhere","lease_s":5}"#), 422, "bad_target"),
                (Self.schedule(request: #"{"target":"db","lease_s":100000}"#), 422, "bad_lease"),
                (Self.schedule(request: #"{"target":"db","lease_s":5,"run":"r"}"#), 422, "bad_parameter"),
                (Self.schedule(request: #"{"target":"db","lease_s":5,"with":{"colour":1}}"#), 422, "bad_parameter"),
                (String(repeating: " ", count: 20_000) + Self.schedule(), 413, "body_too_large"),
                (#"{"name":"# + String(repeating: "[", count: 200), 400, ""),
            ]
            for (body, status, code) in cases {
                let answer = try await self.post(lab, "/schedules", body, key: lab.key)
                #expect(answer.0 == status && (code.isEmpty || answer.1 == code), "\(body.prefix(120)): \(answer)")
            }
            #expect(try await self.post(lab, "/schedules", Self.schedule()).0 == 401)
            #expect(try await lab.client.schedules().isEmpty)
            #expect(try FileSystem.list(ScheduleStore(state: lab.state).directory).isEmpty)
            #expect(try await self.post(lab, "/schedules", Self.schedule(), key: lab.key).0 == 201)
            #expect(try await self.post(lab, "/schedules", Self.schedule(), key: lab.key) == (409, "conflict"))
            for name in ["two", "%2e%2e", "one%2f"] {
                let missing = await #expect(throws: RemoteError.self) { try await lab.client.removeSchedule(name) }
                #expect(missing.map { [400, 404].contains($0.status) } == true, "\(name)")
            }
            for number in 1..<ScheduleRules.most {
                let body = Self.schedule().replacing("\"one\"", with: "\"n\(number)\"")
                #expect(try await self.post(lab, "/schedules", body, key: lab.key).0 == 201)
            }
            let crowd = try await self.post(
                lab,
                "/schedules",
                Self.schedule().replacing("\"one\"", with: "\"more\""),
                key: lab.key
            )
            #expect(crowd == (429, "too_many_schedules"))
        }
    }

    @Test("Bad orders are told apart, and no monkey runs")
    func orders() async throws {
        try await ChaosLab.with { lab in
            let cases: [(String, Int, String)] = [
                ("", 400, "body_missing"), ("7", 422, "bad_parameter"), ("{}", 422, "bad_order"),
                (#"{"order":{"for_s":600},"colour":1}"#, 422, "bad_parameter"),
                (#"{"order":{"for_s":600,"colour":1}}"#, 422, "bad_parameter"),
                (#"{"order":{"for_s":600,"budget":{"colour":1}}}"#, 422, "bad_parameter"),
                (#"{"order":{"for_s":1}}"#, 422, "bad_order"), (#"{"order":{"for_s":1e300}}"#, 422, "bad_order"),
                (#"{"order":{}}"#, 422, "bad_order"),
                (#"{"order":{"for_s":600},"until":"2020-01-01T00:00:00Z"}"#, 422, "bad_order"),
                (#"{"order":{},"until":"2020-01-01T00:00:00Z"}"#, 422, "bad_order"),
                (#"{"order":{"for_s":600,"faults":["nothing"]}}"#, 422, "bad_order"),
                (#"{"order":{"for_s":600,"targets":["nothing"]}}"#, 422, "bad_order"),
                (#"{"order":{"for_s":600,"budget":{"at_once":9223372036854775807}}}"#, 422, "bad_order"),
                (#"{"order":{"for_s":600,"budget":{"faults":501}}}"#, 422, "bad_order"),
                (#"{"order":{"for_s":600,"lease_least_s":-1}}"#, 422, "bad_order"),
                (#"{"order":{"for_s":600,"gap":{"distribution":"lumpy"}}}"#, 422, ""),
                (
                    #"{"order":{"for_s":600,"hours":{"window":{"from":"09:00","to":"17:00"},"time_zone":"Mars/Base"}}}"#,
                    422, "bad_schedule"
                ),
                (#"{"seed":-1,"order":{"for_s":600}}"#, 400, ""),
                (#"{"replay":"aaaaaaaaaaaaaaaa"}"#, 404, "unknown_plan"),
                (#"{"replay":"../../etc/passwd"}"#, 404, "unknown_plan"),
                (#"{"replay":"aaaaaaaaaaaaaaaa","seed":1}"#, 422, "bad_order"),
                (String(repeating: " ", count: 20_000) + "{}", 413, "body_too_large"),
            ]
            for (body, status, code) in cases {
                let answer = try await self.post(lab, "/monkey", body, key: lab.key)
                #expect(answer.0 == status && (code.isEmpty || answer.1 == code), "\(body.prefix(120)): \(answer)")
            }
            #expect(try await self.post(lab, "/monkey", #"{"order":{"for_s":600}}"#).0 == 401)
            let status = try await lab.client.monkey()
            #expect(status.state == .idle && status.plans.isEmpty)
            let stop = await #expect(throws: RemoteError.self) { try await lab.client.stopMonkey() }
            #expect(stop?.status == 409 && stop?.code == "not_running")
            let plan = await #expect(throws: RemoteError.self) { try await lab.client.monkeyPlan("aaaaaaaaaaaaaaaa") }
            #expect(plan?.status == 404)
        }
    }
}
