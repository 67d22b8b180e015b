import Glibc
import OpsModel
import OpsRuntime
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

@Suite struct ClearCacheTests {
    private func with(_ body: (ActionBench, String) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let cache = "\(directory)/var/cache"
            try FileSystem.makeDirectory(cache, mode: 0o750)
            for name in ["a", "b"] { try FileSystem.writeAtomically(name, to: "\(cache)/\(name)") }
            try FileSystem.makeDirectory("\(cache)/deep/er")
            try FileSystem.writeAtomically("c", to: "\(cache)/deep/er/c")
            let target = Target(
                processes: [],
                caches: [.init(component: "cache", path: cache)],
                configurations: [],
                providers: []
            )
            try await body(try ActionBench(directory, [ClearCache(target: target)]), cache)
        }
    }

    @Test func plansWithoutTouchingAnything() async throws {
        try await with { bench, cache in
            let executor = try bench.executor()
            let first = try await executor.plan("clear-cache", [:])
            let second = try await executor.plan("clear-cache", [:])
            #expect(first.state == .planned)
            #expect(first.plan?.fingerprint == second.plan?.fingerprint)
            #expect(first.plan?.resources == ["directory.cache"])
            #expect(try FileSystem.list(cache) == ["a", "b", "deep"])
        }
    }

    @Test func replacesTheDirectoryOnceAndRemovesTheOldOne() async throws {
        try await with { bench, cache in
            let executor = try bench.executor()
            let before = FileSystem.inode(cache)
            let result = try await bench.run(executor, "clear-cache")
            #expect(result.state == .done, "\(result)")
            #expect(FileSystem.inode(cache) != before)
            #expect(try FileSystem.list(cache) == [])
            #expect(try FileAccess(of: cache).mode == 0o750)
            #expect(try FileSystem.list(FileSystem.parent(of: cache)) == ["cache"])
            #expect(bench.shared.claim(.directory("cache"))?.state == .done)
            let second = try await bench.run(executor, "clear-cache")
            #expect(second.state == .done, "another grant, another run")
        }
    }

    /// What proves the effect stays until the result is on disk, or the next start would find neither.
    @Test func aResultThatCannotBeWrittenIsFoundInTheWorld() async throws {
        try await with { plain, cache in
            let clearing = try #require(plain.actions.first as? ClearCache)
            let bench = try ActionBench("\(plain.directory)/action", [UnwritableResult(action: clearing)])
            do {
                let executor = try bench.executor()
                let result = try await bench.run(executor, "clear-cache")
                #expect(result.state == .done, "\(result)")
                #expect(executor.journal.ledger.open.count == 1, "its end is not written")
                #expect(try FileSystem.list(FileSystem.parent(of: cache)).count == 2, "the old directory is the marker")
            }
            let executor = try bench.executor()
            await executor.recover(within: .milliseconds(200))
            let found = executor.journal.ledger.runs.values.first?.result
            #expect(found?.state == .done, "\(String(describing: found))")
            #expect(try FileSystem.list(FileSystem.parent(of: cache)) == ["cache"])
        }
    }

    @Test func aDirectoryThatSomebodyReplacedIsLeftAlone() async throws {
        try await with { bench, cache in
            let executor = try bench.executor()
            let grant = try Grant(try await bench.payload(executor, "clear-cache"), signedBy: bench.ann)
            try FileSystem.move(cache, to: "\(cache).mine")
            try FileSystem.makeDirectory(cache)
            try FileSystem.writeAtomically("new", to: "\(cache)/new")
            let result = try await executor.run(
                "clear-cache",
                ActionRequest(grant: grant.text),
                principal: "gate",
                key: "k"
            )
            #expect(result.state == .notDone)
            #expect(result.detail["code"] == "facts_drifted")
            #expect(try FileSystem.list(cache) == ["new"])
        }
    }

    @Test func aLinkIsNotFollowed() async throws {
        try await with { bench, cache in
            let precious = "\(bench.directory)/precious"
            try FileSystem.makeDirectory(precious)
            try FileSystem.removeTree(cache)
            #expect(symlink(precious, cache) == 0)
            await #expect(throws: ActionError.self) { try await bench.executor().plan("clear-cache", [:]) }
        }
    }

    /// Every prefix of the journal, with the world before and after the effect where the prefix allows both.
    @Test(arguments: [false, true]) func everyCrashEndsWithoutASecondEffect(_ happened: Bool) async throws {
        try await with { bench, cache in
            let action = ClearCache(
                target: Target(
                    processes: [],
                    caches: [.init(component: "cache", path: cache)],
                    configurations: [],
                    providers: []
                )
            )
            let lines = try await JournalPrefixes.record(bench, action, [:])
            if happened { try await action.perform(lines.intent.steps[0], of: lines.intent) }
            let inode = FileSystem.inode(cache)
            for prefix in lines.prefixes {
                let isPossible = prefix.contains { if case .begun = $0 { true } else { false } }
                guard !happened || isPossible else { continue }
                let result = try await JournalPrefixes.recover(bench, prefix)
                #expect(
                    result?.state == (happened ? .done : .notDone),
                    "\(prefix.count) lines: \(String(describing: result))"
                )
                #expect(FileSystem.inode(cache) == inode, "nothing is repeated")
            }
        }
    }
}
