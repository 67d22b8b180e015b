import Glibc
import OpsSystem
import Testing

@Suite("Naming a process")
struct ProcessIdentityTests {
    @Test("this process is alive and equal to itself")
    func current() {
        #expect(ProcessIdentity.current == ProcessIdentity.of(pid: getpid()))
        #expect(ProcessIdentity.current.isAlive)
        #expect(!BootClock.bootID.isEmpty)
    }

    @Test("what it holds in memory is read alone as it is among the rest, and nobody holds nothing")
    func residentMemory() throws {
        let bytes = try #require(ProcessSample.residentBytes(pid: getpid()))
        let sample = try #require(ProcessSample.read(pid: getpid()))
        #expect(bytes > 1 << 20 && max(bytes, sample.rssBytes) - min(bytes, sample.rssBytes) < 64 << 20)
        #expect(ProcessSample.residentBytes(pid: 0) == nil)
    }

    @Test("one more open descriptor is counted as one more, and nobody has none")
    func openDescriptors() async throws {
        let child = try Spawn(path: "/bin/sleep", arguments: ["60"]).start()
        let open = try #require(ProcessSample.openDescriptors(pid: child.pid))
        #expect(open == (try FileSystem.list("/proc/\(child.pid)/fd")).count)
        #expect(ProcessSample.openDescriptors(pid: 0) == nil)
        #expect(await child.stop() == .signalled(SIGTERM))
    }

    @Test("the same number with another start time or boot is nobody")
    func reused() {
        var other = ProcessIdentity.current
        other.startTicks += 1
        #expect(!other.isAlive)
        #expect(ProcessHandle(other) == nil)
        var earlier = ProcessIdentity.current
        earlier.bootID = "00000000-0000-0000-0000-000000000000"
        #expect(!earlier.isAlive)
        #expect(ProcessHandle(earlier) == nil)
    }

    @Test("a zombie has ended, though its number still answers")
    func zombie() async throws {
        let child = try Spawn(path: "/bin/true").start()
        #expect(await child.handle.waitForExit(within: .seconds(5)))
        #expect(kill(child.pid, 0) == 0)
        #expect(!child.identity.isAlive)
        #expect(child.handle.hasExited)
        #expect(child.reap() == .exited(0))
        #expect(child.handle.signal(SIGTERM) == false)
    }

    @Test("a program's name may hold spaces and parentheses")
    func oddNames() async throws {
        let sample = try #require(ProcessSample.read(pid: getpid()))
        #expect(sample.threads >= 1)
        #expect(sample.rssBytes > 1 << 20)
        #expect((sample.fdCount ?? 0) > 2)
        #expect(sample.startTicks == ProcessIdentity.current.startTicks)
        #expect(ProcessSample.read(pid: 0) == nil)
    }

    @Test("a stopped process is seen as stopped")
    func stopped() async throws {
        let child = try Spawn(path: "/bin/sleep", arguments: ["60"]).start()
        child.handle.signal(SIGSTOP)
        let end = BootClock.now() + 5_000_000_000
        while ProcessSample.read(pid: child.pid)?.state != "T", BootClock.now() < end { await Task.yield() }
        #expect(ProcessSample.read(pid: child.pid)?.state == "T")
        child.handle.signal(SIGKILL)
        #expect(await child.wait(within: .seconds(5)) == .signalled(SIGKILL))
    }
}
