import Glibc
import OpsSystem
import OpsTestKit
import Synchronization
import Testing

@Suite("Locking a file")
struct FileLockTests {
    private let directory: TemporaryDirectory
    private var path: String { self.directory.file("lock") }

    init() throws { self.directory = try TemporaryDirectory() }

    @Test("one holder at a time, and the next one after release")
    func exclusive() throws {
        let first = try #require(try FileLock.tryAcquire(self.path))
        #expect(try FileLock.tryAcquire(self.path) == nil)
        first.release()
        first.release()
        #expect(try FileLock.tryAcquire(self.path) != nil)
    }

    @Test("waiting ends with the holder's release, or with the deadline")
    func waiting() async throws {
        let first = try #require(try FileLock.tryAcquire(self.path))
        await #expect { try await FileLock.acquire(self.path, within: .milliseconds(30)) } throws: {
            ($0 as? SystemError)?.code == .locked
        }
        async let second = FileLock.acquire(self.path, within: .seconds(10))
        first.release()
        #expect(try await second.path == self.path)
        #expect { try FileLock.acquireBlocking("/nonexistent/lock", within: .seconds(1)) } throws: {
            ($0 as? SystemError)?.code == .notFound
        }
    }

    @Test("the kernel drops the lock of a process that was killed")
    func killedHolder() async throws {
        let child = try Spawn(
            path: "/usr/bin/flock",
            arguments: [self.path, "/bin/sleep", "60"]
        ).start()
        let end = BootClock.now() + 5_000_000_000
        while BootClock.now() < end {
            guard let lock = try FileLock.tryAcquire(self.path) else { break }
            lock.release()
            await Task.yield()
        }
        #expect(try FileLock.tryAcquire(self.path) == nil)
        child.signalGroup(SIGKILL)
        #expect(try await FileLock.acquire(self.path, within: .seconds(5)).path == self.path)
    }

    @Test("the kernel tells who holds it")
    func holder() throws {
        #expect(FileLock.holder(of: self.path) == nil)
        let lock = try #require(try FileLock.tryAcquire(self.path))
        #expect(FileLock.holder(of: self.path) == getpid())
        lock.release()
        #expect(FileLock.holder(of: self.path) == nil)
    }

    @Test("a lock that went out of use is free at once, whatever children are being started meanwhile")
    func droppedBesideChildren() async throws {
        let busy = Mutex(true)
        let children = Task.detached {
            defer { busy.withLock { $0 = false } }
            for _ in 0..<200 { _ = try await Spawn(path: "/bin/true").start().wait(within: .seconds(5)) }
        }
        var taken = 0
        var refused = 0
        while busy.withLock({ $0 }) {
            if try FileLock.tryAcquire(self.path) == nil { refused += 1 } else { taken += 1 }
            await Task.yield()  // whoever starts the children may have no other thread
        }
        try await children.value
        #expect(taken > 200)
        #expect(refused == 0)
    }
}
