import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// With a real file and a real supervisor, whose programs read nothing.
@Suite("A value of a configuration file that is out of bounds", .serialized)
struct ConfigurationValueTests {
    private let request = FaultRequest(
        target: "api",
        with: ["key": "STATEMENT_TIMEOUT", "value": "2ms"],
        leaseS: 30
    )
    private let bad = ChaosLab.environmentText.replacing("TIMEOUT=2s", with: "TIMEOUT=2ms")

    private func with(_ body: (ChaosLab, TargetSupervisor) async throws -> Void) async throws {
        try await ChaosLab.withPrograms(["api-1", "api-2", "worker"], body)
    }

    private func identities(_ link: TargetSupervisor) throws -> [ProcessIdentity?] {
        try ["api-1", "api-2", "worker"].map { try link.state(of: $0).identity }
    }

    @Test("It is deployed with a version in the history, and afterwards every byte is as before")
    func deployedAndReverted() async throws {
        try await self.with { lab, link in
            let before = try self.identities(link)
            let record = try await lab.client.inject("config-value", self.request)
            #expect(record.state == .verified && record.achieved == 2)
            #expect(record.marks.map(\.kind) == [.file, .reload, .reload])
            #expect(try FileSystem.text(lab.environment) == self.bad)
            #expect(try FileSystem.text(lab.directory.file("history/000001.env")) == ChaosLab.environmentText)
            let during = try self.identities(link)
            #expect(during[0] != before[0] && during[1] != before[1] && during[2] == before[2])
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 3])
            #expect(try FileSystem.text(lab.environment) == ChaosLab.environmentText)
            let after = try self.identities(link)
            #expect(after[0] != during[0] && after[1] != during[1] && after[2] == before[2])
            #expect(try FileSystem.list(lab.directory.file("history")) == [])
            #expect(try FileSystem.list("\(lab.state)/kept") == [])
            let names = try FileSystem.list(lab.directory.path)
            #expect(names.filter { $0.hasPrefix("shop.env") } == ["shop.env"])
        }
    }

    @Test("No record holds what the file says")
    func secrets() async throws {
        try await self.with { lab, _ in
            let record = try await lab.client.inject("config-value", self.request)
            for writer in FaultStore.Writer.allCases {
                let directory = "\(lab.state)/faults/\(record.id)/\(writer.rawValue)"
                for name in try FileSystem.list(directory) {
                    let text = String(decoding: try FileSystem.read("\(directory)/\(name)"), as: UTF8.self)
                    #expect(!text.contains("s3cr3t"))
                }
            }
            let kept = "\(lab.state)/kept/\(record.id)"
            #expect(try FileSystem.text(kept) == ChaosLab.environmentText && !FileSystem.isOpenToOthers(kept))
        }
    }

    @Test("A later change of the file is somebody else's, and so are its users")
    func superseded() async throws {
        try await self.with { lab, link in
            let record = try await lab.client.inject("config-value", self.request)
            let theirs = self.bad + "# release 2\n"
            try FileSystem.writeAtomically(theirs, to: lab.environment)
            let during = try self.identities(link)
            #expect(try await lab.client.revert(record.id).outcome == ["superseded": 3])
            #expect(try FileSystem.text(lab.environment) == theirs)
            #expect(try self.identities(link) == during)
            #expect(try FileSystem.list("\(lab.state)/kept") == [])
        }
    }

    @Test("Put back by hand it is clean; only who still runs with the fault's value is started anew")
    func repairedByHand() async throws {
        try await self.with { lab, link in
            let record = try await lab.client.inject("config-value", self.request)
            try FileSystem.writeAtomically(ChaosLab.environmentText, to: lab.environment)
            try link.stop("api-1")
            try link.start("api-1")
            let repaired = try self.identities(link)
            #expect(
                try await lab.client.revert(record.id).outcome == ["already-clean": 1, "superseded": 1, "reverted": 1]
            )
            let after = try self.identities(link)
            #expect(after[0] == repaired[0] && after[1] != repaired[1])
        }
    }

    @Test("What is no wrong value, or nothing that may be set, is refused and changes nothing")
    func refused() async throws {
        try await self.with { lab, link in
            let before = try self.identities(link)
            let wrong: [([String: JSONValue], String)] = [
                ([:], "bad_parameter"), (["key": "DB_PASSWORD", "value": "1"], "out_of_scope"),
                (["key": "STATEMENT_TIMEOUT", "value": "3s"], "bad_parameter"),
                (["key": "STATEMENT_TIMEOUT", "value": "7"], "bad_parameter"),
                (["key": "CACHE_SINGLE_FLIGHT", "value": "maybe"], "bad_parameter"),
                (["key": "DB_POOL", "value": "1"], "conflict"),
            ]
            for (with, code) in wrong {
                let error = await #expect(throws: RemoteError.self, "\(with)") {
                    try await lab.client.inject("config-value", FaultRequest(target: "api", with: with, leaseS: 30))
                }
                #expect(error?.code == code, "\(with)")
            }
            #expect(try FileSystem.text(lab.environment) == ChaosLab.environmentText)
            #expect(try self.identities(link) == before)
        }
    }

    @Test("Server and holder killed together: the guard takes it back")
    func killed() async throws {
        try await self.with { lab, link in
            let record = try await lab.client.inject("config-value", self.request)
            let during = try self.identities(link)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try FileSystem.text(lab.environment) == ChaosLab.environmentText)
            let after = try self.identities(link)
            #expect(after[0] != during[0] && after[1] != during[1])
        }
    }
}
