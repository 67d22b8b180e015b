import Glibc
import OpsSystem
import Synchronization
import Testing

@Suite("Waiting for descriptors")
struct PollerTests {
    @Test("a pipe becomes readable when something is written, for all who wait")
    func readable() async throws {
        let (read, write) = try FileDescriptor.pipe()
        async let first = Poller.shared.wait(read.raw, .read, within: .seconds(5))
        async let second = Poller.shared.wait(read.raw, .read, within: .seconds(5))
        try write.write([1], doing: "write")
        #expect(await first)
        #expect(await second)
        #expect(await Poller.shared.wait(write.raw, .write, within: .seconds(5)))
    }

    @Test("a deadline and a cancellation end the waiting")
    func unanswered() async throws {
        let (read, write) = try FileDescriptor.pipe()
        #expect(await Poller.shared.wait(read.raw, .read, within: .milliseconds(20)) == false)
        let task = Task { await Poller.shared.wait(read.raw, .read, within: .seconds(60)) }
        task.cancel()
        #expect(await task.value == false)
        withExtendedLifetime(write) {}
    }

    @Test("a descriptor that the kernel refuses wakes its owner")
    func refused() async throws {
        let file = try FileDescriptor(opening: "/proc/self/exe", O_RDONLY)  // a plain file cannot be polled
        let answer = Answer()
        let token = Poller.shared.add(file.raw, .read) { readable, _ in answer.set(readable) }
        let end = BootClock.now() + 5_000_000_000
        while answer.value == nil, BootClock.now() < end { await Task.yield() }
        #expect(answer.value == true)
        Poller.shared.remove(token, file.raw)
    }
}

private final class Answer: Sendable {
    private let state = Mutex<Bool?>(nil)
    var value: Bool? { self.state.withLock { $0 } }
    func set(_ value: Bool) { self.state.withLock { $0 = value } }
}
