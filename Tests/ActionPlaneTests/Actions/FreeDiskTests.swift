import Glibc
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

@Suite struct FreeDiskTests {
    private let action = "free-disk"

    private func with(_ body: (ActionBench, String) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(try #require(FileSystem.realPath(directory)))/scratch"
            try FileSystem.makeDirectory("\(path)/tmp")
            let volume = Target.Volume(component: "scratch", path: path, disposable: ["*.part", "tmp/*"])
            try await body(try ActionBench(directory, [FreeDisk(volumes: [volume])]), path)
        }
    }

    /// A file that was written to so many seconds ago.
    private func write(_ path: String, bytes: Int = 10_000, age: Double = 60) throws {
        try FileSystem.writeAtomically(String(repeating: "x", count: bytes), to: path)
        let moment = timespec(tv_sec: time(nil) - Int(age), tv_nsec: 0)
        try #require(utimensat(AT_FDCWD, path, [moment, moment], 0) == 0)
    }

    private func names(_ plan: ActionResult) -> [String] {
        (plan.plan?.facts["files"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
    }

    @Test func removesWhatIsDisposableAndNothingElse() async throws {
        try await with { bench, path in
            for name in ["a.part", "b.part", "keep.txt", "tmp/c", ".hidden.part"] { try write("\(path)/\(name)") }
            try write("\(path)/big.part", bytes: 3 << 20)
            try FileSystem.makeDirectory("\(path)/directory.part")
            try FileSystem.makeLink("\(path)/link.part", to: "\(path)/keep.txt")
            let executor = try bench.executor()
            let plan = try await executor.plan(action, [:])
            #expect(names(plan) == ["big.part", "a.part", "b.part", "tmp/c"], "\(plan)")
            #expect(plan.plan?.diff.first == "- scratch: big.part, 3 MiB")
            let result = try await bench.run(executor, action, ["component": "scratch"])
            #expect(result.state == .done, "\(result)")
            #expect(result.detail.at("postcheck.removed") == 4)
            let left = try FileSystem.list(path).sorted()
            #expect(left == [".hidden.part", "directory.part", "keep.txt", "link.part", "tmp"])
        }
    }

    @Test func leavesAloneWhatSomebodyWorksWith() async throws {
        try await with { bench, path in
            try write("\(path)/locked.part")
            try write("\(path)/young.part", age: 0)
            let file = try FileDescriptor(opening: "\(path)/locked.part", O_RDWR)
            try #require(flock(file.raw, LOCK_EX | LOCK_NB) == 0)
            let plan = try await bench.executor().plan(action, [:])
            #expect(plan.state == .refused && names(plan) == [])
            withExtendedLifetime(file) {}
        }
    }

    @Test func afterTheDryRunAReplacedOrLockedFileStays() async throws {
        try await with { bench, path in
            try write("\(path)/a.part")
            let executor = try bench.executor()
            let removal = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, removal, [:])
            try write("\(path)/a.part", bytes: 77)
            try await removal.perform(lines.intent.steps[0], of: lines.intent)
            #expect(try FileSystem.read("\(path)/a.part").count == 77)
            let again = try await JournalPrefixes.record(bench, removal, [:])
            let file = try FileDescriptor(opening: "\(path)/a.part", O_RDWR)
            try #require(flock(file.raw, LOCK_EX | LOCK_NB) == 0)
            await #expect(throws: ActionError.self) {
                try await removal.perform(again.intent.steps[0], of: again.intent)
            }
            #expect(FileSystem.exists("\(path)/a.part"))
            withExtendedLifetime((file, executor)) {}
        }
    }

    @Test func afterACrashItGoesOnWhereItStopped() async throws {
        try await with { bench, path in
            for name in ["a.part", "b.part"] { try write("\(path)/\(name)") }
            let removal = try #require(bench.actions.first)
            let lines = try await JournalPrefixes.record(bench, removal, [:])
            for prefix in lines.prefixes {
                #expect(try await JournalPrefixes.recover(bench, prefix)?.state == .notDone)
            }
            try await removal.perform(lines.intent.steps[0], of: lines.intent)
            let after = try await JournalPrefixes.recover(bench, lines.prefixes.last ?? [])
            #expect(after?.state == .done, "\(String(describing: after))")
            #expect(try FileSystem.list(path) == ["tmp"])
        }
    }

    @Test(arguments: [["component": "cache"], ["path": "/etc"], ["component": 1]] as [[String: JSONValue]])
    func refusesWhatIsNotInTheSchema(_ parameters: [String: JSONValue]) async throws {
        try await with { bench, _ in
            let executor = try bench.executor()
            let error = await #expect(throws: ActionError.self) { try await executor.plan(action, parameters) }
            #expect(error?.code == .invalidParameters)
        }
    }
}
