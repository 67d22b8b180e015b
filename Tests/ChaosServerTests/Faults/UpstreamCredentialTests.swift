import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ChaosServer

/// With a real list in a real file; nobody reads it here.
@Suite("A provider that no longer takes its callers' key", .serialized)
struct UpstreamCredentialTests {
    private let request = FaultRequest(target: "payments", leaseS: 30)

    private func list(_ lab: ChaosLab) throws -> AcceptedKeys {
        AcceptedKeys(text: try FileSystem.text(lab.providerKeys))
    }

    @Test("The key is taken off the list, and afterwards every byte is as before")
    func takenOffAndPutBack() async throws {
        try await ChaosLab.with { lab in
            let before = try FileSystem.text(lab.providerKeys)
            let record = try await lab.client.inject("upstream-credential", self.request)
            #expect(record.state == .verified && record.requested == 0 && record.achieved == 0)
            #expect(record.marks.map(\.kind) == [.file])
            #expect(try !self.list(lab).accepts(ChaosLab.paymentsKey))
            #expect(try self.list(lab).accepts("another-merchant"), "nobody else is kept out")
            #expect(try await lab.client.revert(record.id).outcome == ["reverted": 1])
            #expect(try FileSystem.text(lab.providerKeys) == before)
            let names = try FileSystem.list(lab.directory.path)
            #expect(names.filter { $0.hasPrefix("provider.keys") } == ["provider.keys"])
        }
    }

    @Test("No record and no line of the log holds the key")
    func secrets() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("upstream-credential", self.request)
            _ = try await lab.client.revert(record.id)
            for writer in FaultStore.Writer.allCases {
                let directory = "\(lab.state)/faults/\(record.id)/\(writer.rawValue)"
                for name in try FileSystem.list(directory) {
                    let text = String(decoding: try FileSystem.read("\(directory)/\(name)"), as: UTF8.self)
                    #expect(!text.contains(ChaosLab.paymentsKey))
                }
            }
            #expect(try !lab.log().contains(ChaosLab.paymentsKey))
            #expect(try !OpsJSON.string(record).contains(ChaosLab.paymentsKey))
        }
    }

    @Test("A rotation made meanwhile is somebody's repair, also while both keys are let in")
    func superseded() async throws {
        try await ChaosLab.with { lab in
            let record = try await lab.client.inject("upstream-credential", self.request)
            let theirs = try self.list(lab).adding("new-key").adding(ChaosLab.paymentsKey)
            try FileSystem.writeAtomically(theirs.text, to: lab.providerKeys)
            #expect(try await lab.client.revert(record.id).outcome == ["superseded": 1])
            #expect(try self.list(lab) == theirs)
        }
    }

    @Test("Put back by hand it is clean")
    func repairedByHand() async throws {
        try await ChaosLab.with { lab in
            let before = try FileSystem.text(lab.providerKeys)
            let record = try await lab.client.inject("upstream-credential", self.request)
            try FileSystem.writeAtomically(before, to: lab.providerKeys)
            #expect(try await lab.client.revert(record.id).outcome == ["already-clean": 1])
            #expect(try FileSystem.text(lab.providerKeys) == before)
        }
    }

    @Test("What is refused already, or is only one of several behind the list, is no target")
    func refused() async throws {
        try await ChaosLab.with { lab in
            let one = FaultRequest(target: "payments", instance: "primary", leaseS: 30)
            let named = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("upstream-credential", one)
            }
            #expect(named?.code == "bad_target")
            let theirs = try self.list(lab).removing(ChaosLab.paymentsKey)
            try FileSystem.writeAtomically(theirs.text, to: lab.providerKeys)
            let unknown = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("upstream-credential", self.request)
            }
            #expect(unknown?.code == "conflict")
            #expect(try self.list(lab) == theirs)
        }
    }

    @Test("Server and holder killed together: the guard takes it back")
    func killed() async throws {
        try await ChaosLab.with { lab in
            let before = try FileSystem.text(lab.providerKeys)
            let record = try await lab.client.inject("upstream-credential", self.request)
            let store = FaultStore(state: lab.state)
            let holder = try #require(try store.file(record.id)?.holder)
            try await lab.serverProcess.handle.signal(SIGKILL)
            ProcessHandle(holder)?.signal(SIGKILL)
            try await eventually("the record is closed") { try store.file(record.id)?.machine.isOpen == false }
            #expect(try FileSystem.text(lab.providerKeys) == before)
        }
    }
}
