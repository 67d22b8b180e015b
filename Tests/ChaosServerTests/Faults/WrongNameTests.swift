import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// With a real injector and a real file, which nobody reads.
@Suite("A name that leads astray", .serialized)
struct WrongNameTests {
    private let request = FaultRequest(target: "api", with: ["to": "payments"], leaseS: 30)

    private func address(_ lab: ChaosLab) throws -> String? { try EnvironmentFile(path: lab.hosts)["payments-a"] }

    @Test("The name of the alternative in use gets another address; afterwards every byte is as before")
    func deployedAndReverted() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("dns-wrong", self.request)
            #expect(record.state == .verified && record.achieved == 1)
            #expect(record.marks.map(\.kind) == [.file])
            #expect(try self.address(lab)?.hasPrefix("127.0.53.") == true)
            #expect(try EnvironmentFile(path: lab.hosts)["payments-b"] == "127.0.0.1")
            #expect(try FileSystem.text(lab.directory.file("names/000001.env")) == ChaosLab.hostsText)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try FileSystem.text(lab.hosts) == ChaosLab.hostsText)
            #expect(try FileSystem.list(lab.directory.file("names")) == [])
            let names = try FileSystem.list(lab.directory.path)
            #expect(names.filter { $0.hasPrefix("shop.hosts") } == ["shop.hosts"])
        }
    }

    @Test("Whoever uses the other alternative finds that one's name changed")
    func alternative() async throws {
        try await ChaosLab.with { lab in
            let text = ChaosLab.environmentText.replacing("ACTIVE=primary", with: "ACTIVE=fallback")
            try FileSystem.writeAtomically(text, to: lab.environment)
            let record = try await lab.client.inject("dns-wrong", self.request)
            #expect(try self.address(lab) == "127.0.0.1")
            #expect(try EnvironmentFile(path: lab.hosts)["payments-b"] != "127.0.0.1")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
        }
    }

    @Test("Another line is somebody's work, which stays; the fault's own goes")
    func anotherLine() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("dns-wrong", self.request)
            let theirs = try FileSystem.text(lab.hosts) + "# release 2\ncarrier=10.0.0.1\n"
            try FileSystem.writeAtomically(theirs, to: lab.hosts)
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try FileSystem.text(lab.hosts) == ChaosLab.hostsText + "# release 2\ncarrier=10.0.0.1\n")
        }
    }

    @Test("Another address of the name is somebody's repair, and so is the one of before")
    func repaired() async throws {
        try await ChaosLab.with { lab in
            for (address, outcome) in [("127.0.0.7", "superseded"), ("127.0.0.1", "already-clean")] {
                try FileSystem.writeAtomically(ChaosLab.hostsText, to: lab.hosts)
                let record = try await lab.client.inject("dns-wrong", self.request)
                let theirs = try EnvironmentFile(path: lab.hosts).setting("payments-a", to: address)
                try FileSystem.writeAtomically(theirs.bytes, to: lab.hosts)
                #expect(try await lab.client.revert(record.id).outcome == [outcome: 1])
                #expect(try FileSystem.text(lab.hosts) == theirs.text)
            }
        }
    }

    @Test("What has no name, or is not there, is refused and changes nothing")
    func refused() async throws {
        try await ChaosLab.with { lab in
            let wrong: [(FaultRequest, String)] = [
                (FaultRequest(target: "api", leaseS: 30), "bad_parameter"),
                (FaultRequest(target: "api", with: ["to": "db"], leaseS: 30), "bad_parameter"),
                (FaultRequest(target: "api", with: ["to": "pay ments"], leaseS: 30), "bad_parameter"),
                (
                    FaultRequest(target: "api", with: ["to": "payments", "address": "1.1.1.1"], leaseS: 30),
                    "bad_parameter"
                ),
                (FaultRequest(target: "api", instance: "api-1", with: ["to": "payments"], leaseS: 30), "bad_target"),
                (FaultRequest(target: "worker", with: ["to": "payments"], leaseS: 30), "bad_target"),
                (FaultRequest(target: "report", with: ["to": "payments"], leaseS: 30), "bad_target"),
                (FaultRequest(target: "payments", with: ["to": "payments"], leaseS: 30), "bad_target"),
            ]
            for (request, code) in wrong {
                let error = await #expect(throws: RemoteError.self, "\(request)") {
                    try await lab.client.inject("dns-wrong", request)
                }
                #expect(error?.code == code, "\(request)")
            }
            #expect(try FileSystem.text(lab.hosts) == ChaosLab.hostsText)
            try FileSystem.writeAtomically("payments-b=127.0.0.1\n", to: lab.hosts)
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("dns-wrong", self.request)
            }
            #expect(error?.code == "conflict")
            try FileSystem.remove(lab.hosts)
            let gone = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("dns-wrong", self.request)
            }
            #expect(gone?.code == "undo_impossible")
        }
    }

    @Test("Two of it at a time are one too many")
    func twice() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("dns-wrong", self.request)
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("dns-wrong", self.request)
            }
            #expect(error?.code == "conflict")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
        }
    }

    @Test("Server and holder killed together: the guard takes it back")
    func killed() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("dns-wrong", self.request)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try FileSystem.text(lab.hosts) == ChaosLab.hostsText)
        }
    }
}
