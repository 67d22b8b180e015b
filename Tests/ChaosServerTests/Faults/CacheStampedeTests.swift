import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// With a real process of the shop, which takes the relief or does not.
@Suite("A cache that its users cannot fill again", .serialized)
struct CacheStampedeTests {
    private let request = FaultRequest(target: "cache", with: ["for_s": 0.2], leaseS: 60)

    private func with(isOn: Bool = true, _ body: (ChaosLab, ChildProcess) async throws -> Void) async throws {
        try await ChaosLab.with { lab in
            let person = try await PostgresConnection.connect(lab.database)
            defer { person.close() }
            try await person.execute(
                script: """
                    CREATE TABLE feature_flags (name text PRIMARY KEY, enabled boolean NOT NULL, updated_at timestamptz NOT NULL,
                      updated_by text NOT NULL);
                    INSERT INTO feature_flags VALUES ('sales-ranks', \(isOn), '2026-01-02T03:04:05Z', 'operator');
                    """
            )
            let api = try Spawn(
                path: FileSystem.parent(of: executablePath()) + "/TargetServer",
                arguments: [
                    "api", "--listen", "127.0.0.1:\(FreePort.take())", "--name", "api-1", "--strains",
                    lab.directory.file("s-api-1.sock"), "--cache", lab.cache,
                ],
                directory: "/"
            ).start()
            do {
                try await eventually("the shop listens", within: .seconds(60)) {
                    FileSystem.exists(lab.directory.file("s-api-1.sock"))
                }
                try await body(lab, api)
            } catch {
                await api.stop(grace: .zero)
                throw error
            }
            await api.stop(grace: .zero)
        }
    }

    private func relief(_ lab: ChaosLab) throws -> [String] {
        try StrainClient(socket: lab.directory.file("s-api-1.sock")).look().held.filter { $0.kind == "relief" }.map(
            \.token
        )
    }

    private func entries(_ lab: ChaosLab) throws -> Int { try FileSystem.list(lab.cache).count }

    @Test("It happens once and leaves nothing; its end has the users turn part of the requests away")
    func triggered() async throws {
        try await self.with { lab, _ async throws in
            let record = try await lab.client.inject("cache-stampede", self.request)
            #expect(record.state == .verified && record.achieved == 1)
            #expect(record.persistence == .metastable)
            #expect(try self.entries(lab) == 0)
            #expect(try self.relief(lab).isEmpty, "while it lasts nobody is helped")
            try lab.writeEntry(1, price: 100)
            #expect(try self.entries(lab) == 1, "nothing is removed any more")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try self.relief(lab) == [record.id])
        }
    }

    @Test("A cache that is full again needs no relief, and no customer is turned away for it")
    func filledAgain() async throws {
        try await self.with { lab, _ async throws in
            let record = try await lab.client.inject("cache-stampede", self.request)
            for number in 1...3 { try lab.writeEntry(number, price: 100) }
            #expect(try await lab.client.revert(record.id).outcome == ["already-clean": 1])
            #expect(try self.relief(lab).isEmpty)
        }
    }

    @Test("In a scored run its end helps nobody, but for the kill switch")
    func scored() async throws {
        try await self.with { lab, _ async throws in
            var request = self.request
            request.run = "run-1"
            let first = try await lab.client.inject("cache-stampede", request)
            #expect(try await lab.client.revert(first.id).outcome == ["already-clean": 1])
            #expect(try self.relief(lab).isEmpty)
            try lab.writeEntry(1, price: 100)
            let second = try await lab.client.inject("cache-stampede", request)
            let report = try await lab.client.kill(reason: "enough")
            #expect(report.clean == [second.id], "\(report)")
            #expect(try self.relief(lab) == [second.id])
        }
    }

    @Test("The server is gone: when its time is up the guard gives the relief")
    func killedServer() async throws {
        try await self.with { lab, _ async throws in
            var request = self.request
            request.leaseS = 3
            let record = try await lab.client.inject("cache-stampede", request)
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await eventually("the relief is there") { try self.relief(lab) == [record.id] }
            try await eventually("the journal says so") { try lab.hasLine("closed", about: record.id) }
        }
    }

    @Test("The guard is gone: the server gives it, and it stays when everybody of ours is gone")
    func killedGuard() async throws {
        try await self.with { lab, _ async throws in
            var request = self.request
            request.leaseS = 3
            let record = try await lab.client.inject("cache-stampede", request)
            ProcessHandle(try lab.guardIdentity)?.signal(SIGKILL)
            try await eventually("the relief is there") { try self.relief(lab) == [record.id] }
            try await lab.serverProcess.handle.signal(SIGKILL)
            try await lab.awaitServerEnd()
            #expect(try self.relief(lab) == [record.id], "the target keeps it, and its end")
        }
    }

    @Test("It begins only where making entries is dear, and never says that by itself")
    func cheap() async throws {
        try await self.with(isOn: false) { lab, _ async throws in
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("cache-stampede", self.request)
            }
            #expect(error?.code == "bad_target")
            #expect(try self.entries(lab) == 6)
        }
    }

    @Test("Where no user of the cache answers the end waits for one")
    func nobodyAnswers() async throws {
        try await self.with { lab, api async throws in
            let record = try await lab.client.inject("cache-stampede", self.request)
            api.handle.signal(SIGSTOP)
            #expect(try await lab.client.revert(record.id).state == .pending)
            api.handle.signal(SIGCONT)
            try await eventually("it was given") { try self.relief(lab) == [record.id] }
        }
    }
}
