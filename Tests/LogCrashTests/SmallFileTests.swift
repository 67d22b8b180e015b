import Glibc
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

/// Files that are one record, the latch and claims.
///
/// They are replaced whole, so that a part of one is seen only where the disk lies.
@Suite("What a crash leaves of a latch and of a claim")
struct SmallFileTests {
    private let directory: TemporaryDirectory

    init() throws { self.directory = try TemporaryDirectory() }

    /// In place and without a sync, which thousands of states would wait for.
    private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
        try FileDescriptor(opening: path, O_WRONLY | O_TRUNC).write(bytes, doing: "damage \(path)")
    }

    @Test("A latch that was raised is never read as none, whatever became of its bytes")
    func latch() throws {
        let latch = LatchFile(state: self.directory.path)
        _ = try latch.raise(Latch(killID: "k1", reason: "r", actor: "a", at: .now()))
        let path = self.directory.file("latch.json")
        var states = 0
        try CrashStates(records: [try FileSystem.read(path)], rest: []).forEach(writing: 0) { state in
            try self.overwrite(path, state.bytes)
            #expect(latch.read() != nil, "\(state.damage)")
            states += 1
        }
        #expect(states > 500)
    }

    @Test("Before its name is there, a latch is not raised, and what its writer left is in nobody's way")
    func halfRaised() throws {
        let latch = LatchFile(state: self.directory.path)
        try FileSystem.writeAtomically([], to: self.directory.file("latch.json.abc"))
        #expect(latch.read() == nil)
        #expect(try latch.raise(Latch(killID: "k2", reason: "r", actor: "a", at: .now())).killID == "k2")
    }

    @Test("A damaged claim never gives a fault's value to a repair, and an intention never becomes a deed")
    func claim() throws {
        let shared = SharedResources(claims: self.directory.path, locks: self.directory.path)
        let resource = SharedResource.configuration("shop.env")
        for written in [Claim.State.intended, .done] {
            try shared.write(written, of: resource, by: "act-1", fingerprint: "repaired")
            let path = self.directory.file("\(resource.name).json")
            try CrashStates(records: [try FileSystem.read(path)], rest: []).forEach(writing: 0) { state in
                try self.overwrite(path, state.bytes)
                let read = shared.claim(resource)
                #expect(read?.owns(live: "broken") != true, "\(state.damage)")
                #expect(written == .done || read?.state != .done, "\(state.damage)")
            }
        }
    }
}
