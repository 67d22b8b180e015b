import ChaosClient
import Glibc
import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import Testing

@testable import ChaosServer

@Suite("A volume that is full", .serialized)
struct DiskFillTests {
    private func fill(_ path: String, quota: Int) throws -> VolumeFill {
        VolumeFill(
            volume: VolumeAccess(path: path, quota: quota, suffix: ".part"),
            path: "\(path)/ord-x.part",
            directory: try #require(FileSystem.inode(path)),
            line: "order ord-x\npacked by job 7, attempt 1\n"
        )
    }

    private func revert(_ change: VolumeFill) throws -> EffectOutcome {
        try change.compareAndRevert { change.comparison.decide(live: $0, claim: nil) }
    }

    /// A small volume in memory; only root may make one, and elsewhere what is refused is looked at instead.
    private func withVolume(_ body: (String, _ isOwn: Bool) throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("volume")
        try FileSystem.makeDirectory(path)
        let isOwn = try await self.command(["mount", "-t", "tmpfs", "-o", "size=2m", "opslab-test", path])
        let result = Result { try body(path, isOwn) }
        if isOwn { #expect(try await self.command(["umount", path])) }
        try result.get()
        withExtendedLifetime(directory) {}
    }

    private func command(_ words: [String]) async throws -> Bool {
        let environment = ["PATH": "/usr/bin:/bin"]
        return try await OpsSystem.run("/usr/bin/env", words, environment: environment, within: .seconds(5)).status
            .isSuccess
    }

    @Test("Nothing is free while it is on, and everything is as before when it is taken back")
    func filled() async throws {
        try await self.withVolume { path, isOwn in
            let change = try self.fill(path, quota: 2 << 20)
            guard isOwn else {
                #expect(throws: ChaosError.self) { try change.apply() }
                return
            }
            try FileSystem.writeAtomically("x", to: "\(path)/other.txt")
            let bytes = try change.apply()
            #expect((1 << 20...2 << 20).contains(bytes))
            let error = #expect(throws: SystemError.self) {
                try FileSystem.writeAtomically("y", to: "\(path)/new.part")
            }
            #expect(error?.code == .diskFull)
            #expect(try self.revert(change) == .reverted)
            #expect(try self.revert(change) == .alreadyClean)
            #expect(try FileSystem.text("\(path)/other.txt") == "x")
            try FileSystem.writeAtomically("y", to: "\(path)/new.part")
        }
    }

    @Test("A volume that is larger than its quota is not filled")
    func tooLarge() async throws {
        try await self.withVolume { path, _ in
            let volume = try self.fill(path, quota: 1 << 20).volume
            #expect(VolumeFill.refusal(of: volume) != nil)
        }
    }

    @Test("Another file under its name stays, and one that got no room is ours")
    func compared() async throws {
        let directory = try TemporaryDirectory()
        let change = try self.fill(directory.path, quota: 1 << 20)
        #expect(try self.revert(change) == .alreadyClean)
        try FileSystem.writeAtomically("", to: change.path)
        #expect(try self.revert(change) == .reverted)
        try FileSystem.writeAtomically("something else that is longer than a line of ours would be", to: change.path)
        let left = try self.revert(change)
        #expect(left == .superseded(seen: .of("other")))
        #expect(FileSystem.exists(change.path))
    }

    @Test("A directory of the machine's own disk is never filled")
    func unsupported() async throws {
        try await ChaosLab.with { lab in
            let error = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("disk-fill", FaultRequest(target: "scratch", leaseS: 30))
            }
            #expect(error?.code == "unsupported")
            let other = await #expect(throws: RemoteError.self) {
                try await lab.client.inject("disk-fill", FaultRequest(target: "cache", leaseS: 30))
            }
            #expect(other?.code == "bad_target")
            let left = try FileSystem.list(lab.directory.file("scratch"))
            #expect(left.isEmpty)
        }
    }
}
