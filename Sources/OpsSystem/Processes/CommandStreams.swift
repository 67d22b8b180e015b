import Glibc
import Synchronization

/// Feeds a child and drains it at the same time, so that neither waits for the other for ever.
final class CommandStreams: Sendable {
    private static let limit = 1 << 20
    /// A grandchild may keep a pipe open after the child has ended.
    private static let grace: Duration = .milliseconds(250)
    /// What a program gets between being asked to end and being killed.
    private static let farewell: Duration = .seconds(3)
    private let input: Mutex<FileDescriptor?>
    private let output: FileDescriptor
    private let error: FileDescriptor

    init(input: FileDescriptor, output: FileDescriptor, error: FileDescriptor) {
        self.input = Mutex(input)
        self.output = output
        self.error = error
        for descriptor in [input, output, error] { descriptor.setNonBlocking() }
    }

    func exchange(
        _ bytes: [UInt8],
        with child: ChildProcess,
        within limit: Duration
    ) async -> (status: ExitStatus?, output: [UInt8], error: [UInt8]) {
        let feeding = Task { await self.feed(bytes) }
        let draining = Task { await Self.drain(self.output) }
        let grumbling = Task { await Self.drain(self.error) }
        let status = await child.wait(within: limit)
        if status == nil {
            await Self.ask(child)
            child.signalGroup(SIGKILL)
            _ = child.waitForKilled()
        }
        feeding.cancel()
        let patience = Task {
            try await Task.sleep(for: Self.grace)
            draining.cancel()
            grumbling.cancel()
        }
        let result = (status, await draining.value, await grumbling.value)
        patience.cancel()
        return result
    }

    /// Asks a program to end, so that it can tidy up behind itself: `initdb` would leave shared memory.
    ///
    /// In a task of its own, because ours may be cancelled and could not wait.
    private static func ask(_ child: ChildProcess) async {
        child.handle.signal(SIGTERM)
        await Task.detached { _ = await child.handle.waitForExit(within: Self.farewell) }.value
    }

    private func feed(_ bytes: [UInt8]) async {
        guard let descriptor = self.input.withLock({ $0.take() }) else { return }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor.raw, $0.baseAddress.map { $0 + done }, bytes.count - done)
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                guard await Poller.shared.wait(descriptor.raw, .write, within: .seconds(3_600)) else { return }
            } else if errno != EINTR {
                return  // the child does not read: it may still succeed
            }
        }
    }

    private static func drain(_ descriptor: FileDescriptor) async -> [UInt8] {
        var kept: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(descriptor.raw, &buffer, buffer.count)
            if count > 0 {
                kept += buffer[..<min(count, Self.limit - kept.count)]
            } else if count == 0 {
                return kept
            } else if errno == EAGAIN {
                guard await Poller.shared.wait(descriptor.raw, .read, within: .seconds(3_600)) else { return kept }
            } else if errno != EINTR {
                return kept
            }
        }
    }
}

extension ChildProcess {
    /// Reaps a child that was just sent SIGKILL; cancellation must not leave a zombie behind.
    fileprivate func waitForKilled() -> ExitStatus? { self.waitBlocking(within: .milliseconds(500)) }
}
