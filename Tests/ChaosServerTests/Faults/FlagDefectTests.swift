import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A feature flag that was turned on", .serialized)
struct FlagDefectTests {
    private let request = FaultRequest(target: "api", with: ["flag": "new-prices"], leaseS: 30)

    /// A lab whose shop has two flags, and somebody at a prompt.
    private func with(_ body: (ChaosLab, PostgresConnection) async throws -> Void) async throws {
        try await ChaosLab.with { lab in
            let person = try await PostgresConnection.connect(lab.database)
            defer { person.close() }
            try await person.execute(
                script: """
                    CREATE TABLE feature_flags (name text PRIMARY KEY, enabled boolean NOT NULL, updated_at timestamptz NOT NULL,
                      updated_by text NOT NULL);
                    INSERT INTO feature_flags VALUES ('new-prices', false, '2026-01-02T03:04:05.000006Z', 'migration'),
                      ('old-prices', true, '2026-01-02T03:04:05Z', 'migration');
                    """
            )
            try await body(lab, person)
        }
    }

    private func flag(_ person: PostgresConnection) async throws -> [String] {
        let row = try await person.query(
            "SELECT enabled, updated_at AT TIME ZONE 'UTC' AS at, updated_by FROM feature_flags WHERE name = 'new-prices'"
        ).only()
        return [try row.string("enabled"), try row.string("at"), try row.string("updated_by")]
    }

    private let original = ["f", "2026-01-02 03:04:05.000006", "migration"]

    private func turn(_ value: Bool, _ person: PostgresConnection) async throws {
        try await person.query(
            "UPDATE feature_flags SET enabled = \(value), updated_at = clock_timestamp() WHERE name = 'new-prices'"
        )
    }

    @Test("It is on as if a person had done it, and exactly as before after DELETE")
    func turnedAndReverted() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("flag-defect", self.request)
            #expect(record.state == .verified)
            #expect(record.achieved == 1)
            #expect(record.marks.map(\.kind) == [.flag])
            let during = try await self.flag(person)
            #expect(during[0] == "t" && during[2] == "operator")
            let age =
                "SELECT (clock_timestamp() - updated_at < interval '10 s') AS n FROM feature_flags WHERE name = 'new-prices'"
            #expect(try await person.query(age).only().bool("n"))
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try await self.flag(person) == self.original)
        }
    }

    @Test("Turned off by somebody, or off and on again, it stays as it was left", arguments: [[false], [false, true]])
    func superseded(turns: [Bool]) async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("flag-defect", self.request)
            for value in turns { try await self.turn(value, person) }
            let left = try await self.flag(person)
            #expect(try await lab.client.revert(record.id).state == .superseded)
            #expect(try await self.flag(person) == left)
        }
    }

    @Test("One that is on already, one that is not there, and a component without flags are refused")
    func refused() async throws {
        try await self.with { lab, person async throws in
            let cases: [(FaultRequest, String)] = [
                (FaultRequest(target: "api", with: ["flag": "old-prices"], leaseS: 30), "conflict"),
                (FaultRequest(target: "api", with: ["flag": "no-prices"], leaseS: 30), "bad_parameter"),
                (FaultRequest(target: "api", leaseS: 30), "bad_parameter"),
            ]
            for (request, code) in cases {
                let error = await #expect(throws: RemoteError.self) {
                    try await lab.client.inject("flag-defect", request)
                }
                #expect(error?.code == code, "\(request)")
            }
            #expect(try await self.flag(person) == self.original)
        }
    }

    @Test("Turned back by hand to the very value that it had, it is clean")
    func clean() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("flag-defect", self.request)
            try await person.query(
                "UPDATE feature_flags SET enabled = $1, updated_at = $2, updated_by = $3 WHERE name = 'new-prices'",
                [.text(self.original[0]), .text(self.original[1] + "Z"), .text(self.original[2])]
            )
            #expect(try await lab.client.revert(record.id).outcome == ["already-clean": 1])
        }
    }

    @Test("Server and holder killed together: the guard turns it back")
    func killed() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("flag-defect", self.request)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try await self.flag(person) == self.original)
        }
    }
}
