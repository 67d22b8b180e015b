import Glibc
import OpsSystem
import OpsTestKit
import Testing

@testable import ControlPlane

@Suite("Under make")
struct MakeWatchTests {
    @Test("somebody else's children have nothing to watch")
    func notMake() { #expect(MakeWatch(parent: getpid()) == nil) }

    @Test("a handler that is gone is the sign, one that never was is not")
    func signs() {
        let (int, hup) = (UInt64(1) << UInt64(SIGINT - 1), UInt64(1) << UInt64(SIGHUP - 1))
        #expect(MakeWatch.isEnding(before: int | hup, now: hup))
        #expect(MakeWatch.isEnding(before: int | hup, now: int))
        #expect(!MakeWatch.isEnding(before: int | hup, now: int | hup))
        #expect(!MakeWatch.isEnding(before: 0, now: 0))
    }

    @Test("a real make that is told to end says so while it waits for its child", arguments: [SIGINT, SIGHUP])
    func realMake(signal: Int32) async throws {
        let directory = try TemporaryDirectory()
        let recipe = "all:\n\t@sleep 60\n"
        try FileSystem.writeAtomically(Array(recipe.utf8), to: directory.file("Makefile"))
        let make = try Spawn(
            path: "/usr/bin/make",
            arguments: ["-s", "-C", directory.path],
            environment: ["PATH": "/usr/bin:/bin"]
        ).start()
        defer { make.signalGroup(SIGKILL) }
        try await Self.wait { Self.waits(make.pid) }
        let before = try #require(MakeWatch.handled(by: make.pid))
        #expect(!MakeWatch.isEnding(before: before, now: before))
        make.handle.signal(signal)
        try await Self.wait {
            MakeWatch.handled(by: make.pid).map { MakeWatch.isEnding(before: before, now: $0) } ?? false
        }
    }

    private static func wait(until isTrue: () -> Bool) async throws {
        // The pool of a busy machine may not come back to us for long.
        let deadline = ContinuousClock.now + .seconds(60)
        while !isTrue() {
            try #require(ContinuousClock.now < deadline)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Whether make sleeps over a child that runs: before, it might still end without having one to wait for.
    private static func waits(_ pid: Int32) -> Bool {
        // Gone with its process
        guard let children = try? FileSystem.text("/proc/\(pid)/task/\(pid)/children"),
            let child = children.split(separator: " ").first,
            let name = try? FileSystem.text("/proc/\(child)/comm"), name.hasPrefix("sleep"),
            let stat = try? FileSystem.text("/proc/\(pid)/stat")
        else { return false }
        return stat.split(separator: ")").last?.hasPrefix(" S") == true
    }
}
