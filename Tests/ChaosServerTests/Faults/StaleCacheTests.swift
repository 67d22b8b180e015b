import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A cache that keeps what has changed", .serialized)
struct StaleCacheTests {
    private let request = FaultRequest(target: "cache", leaseS: 30)

    /// A lab whose shop has flags, and somebody at a prompt.
    private func with(_ body: (ChaosLab, PostgresConnection) async throws -> Void) async throws {
        try await ChaosLab.with { lab in
            let person = try await PostgresConnection.connect(lab.database)
            defer { person.close() }
            try await person.execute(
                script: """
                    CREATE TABLE feature_flags (name text PRIMARY KEY, enabled boolean NOT NULL, updated_at timestamptz NOT NULL,
                      updated_by text NOT NULL);
                    INSERT INTO feature_flags VALUES ('immutable-lists', false, '2026-01-02T03:04:05.000006Z', 'migration'),
                      ('old-prices', true, '2026-01-02T03:04:05Z', 'migration');
                    """
            )
            try await body(lab, person)
        }
    }

    private func flag(_ person: PostgresConnection) async throws -> [String] {
        let row = try await person.query(
            "SELECT enabled, updated_at AT TIME ZONE 'UTC' AS at, updated_by FROM feature_flags WHERE name = 'immutable-lists'"
        ).only()
        return [try row.string("enabled"), try row.string("at"), try row.string("updated_by")]
    }

    private let original = ["f", "2026-01-02 03:04:05.000006", "migration"]

    /// What the shop does with its lists while the flag is on.
    private func promise(_ number: Int, _ lab: ChaosLab) throws {
        try FileSystem.writeAtomically(
            "shop-cache 1 crc32c=0 expires=4000000000 immutable\n{}",
            to: "\(lab.cache)/products-\(number).entry"
        )
    }

    private func entries(_ lab: ChaosLab) throws -> [String] { try FileSystem.list(lab.cache).sorted() }

    private func turnOff(_ person: PostgresConnection) async throws {
        try await person.query(
            "UPDATE feature_flags SET enabled = false, updated_at = clock_timestamp() WHERE name = 'immutable-lists'"
        )
    }

    @Test(
        "The flag is on as if a person had done it, and after DELETE it is as before and what was promised meanwhile is gone"
    )
    func turnedAndReverted() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("cache-stale", self.request)
            #expect(record.state == .verified)
            #expect(record.achieved == 1)
            #expect(record.marks.map(\.kind) == [.flag, .entries])
            let during = try await self.flag(person)
            #expect(during[0] == "t" && during[2] == "operator")
            #expect(try self.entries(lab).count == 6, "no entry is touched")
            try self.promise(2, lab)
            try self.promise(7, lab)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 2])
            #expect(try await self.flag(person) == self.original)
            let left = [1, 3, 4, 5, 6].map { "products-\($0).entry" }
            #expect(try self.entries(lab) == left, "what is not promised stays")
        }
    }

    @Test("Nothing was promised: only the flag is taken back")
    func nothingPromised() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("cache-stale", self.request)
            #expect(try await lab.client.revert(record.id).outcome == ["already-clean": 1, "reverted": 1])
            #expect(try await self.flag(person) == self.original)
            #expect(try self.entries(lab).count == 6)
        }
    }

    @Test("Turned off and cleared by somebody, flag and directory stay as they were left")
    func repaired() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("cache-stale", self.request)
            try self.promise(2, lab)
            try await self.turnOff(person)
            try FileSystem.move(lab.cache, to: lab.directory.file("aside"))
            try FileSystem.makeDirectory(lab.cache)
            try lab.writeEntry(1, price: 5)
            let left = try await self.flag(person)
            let ended = try await lab.client.revert(record.id)
            #expect(ended.state == .superseded && ended.outcome == ["already-clean": 1, "superseded": 1])
            #expect(try await self.flag(person) == left)
            #expect(try self.entries(lab) == ["products-1.entry"])
        }
    }

    @Test("Cleared by somebody while the flag was on, what was promised since goes as well")
    func clearedTooEarly() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("cache-stale", self.request)
            try FileSystem.move(lab.cache, to: lab.directory.file("aside"))
            try FileSystem.makeDirectory(lab.cache)
            try self.promise(1, lab)
            try lab.writeEntry(2, price: 5)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 2])
            #expect(try await self.flag(person) == self.original)
            #expect(try self.entries(lab) == ["products-2.entry"])
        }
    }

    @Test("Turned off by somebody who left the entries, they go and the flag stays")
    func halfRepaired() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("cache-stale", self.request)
            try self.promise(2, lab)
            try await self.turnOff(person)
            let left = try await self.flag(person)
            let ended = try await lab.client.revert(record.id)
            #expect(ended.state == .superseded && ended.outcome == ["reverted": 1, "superseded": 1])
            #expect(try await self.flag(person) == left)
            #expect(try self.entries(lab).count == 5)
        }
    }

    @Test("A flag that is on or not there, entries that are promised already, and a directory of no use are refused")
    func refused() async throws {
        try await self.with { lab, person async throws in
            let cases: [(FaultRequest, String)] = [
                (FaultRequest(target: "cache", with: ["flag": "old-prices"], leaseS: 30), "conflict"),
                (FaultRequest(target: "cache", with: ["flag": "no-prices"], leaseS: 30), "bad_parameter"),
                (FaultRequest(target: "scratch", leaseS: 30), "bad_target"),
                (FaultRequest(target: "api", leaseS: 30), "bad_target"),
            ]
            for (request, code) in cases {
                let error = await #expect(throws: RemoteError.self) {
                    try await lab.client.inject("cache-stale", request)
                }
                #expect(error?.code == code, "\(request)")
            }
            try self.promise(2, lab)
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("cache-stale", self.request)
            }
            #expect(error?.code == "undo_impossible")
            #expect(try await self.flag(person) == self.original)
            #expect(try self.entries(lab).count == 6)
        }
    }

    @Test("Server and holder killed together: the guard turns it back and takes the entries away")
    func killed() async throws {
        try await self.with { lab, person async throws in
            let record = try await lab.client.inject("cache-stale", self.request)
            try self.promise(2, lab)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try await self.flag(person) == self.original)
            #expect(try self.entries(lab).count == 5)
        }
    }
}
