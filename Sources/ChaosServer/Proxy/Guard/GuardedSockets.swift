import Glibc
import OpsModel
import OpsSystem

/// The worker's way to the guard that keeps its listening sockets; used by the loop's thread, and before that by nobody else.
///
/// A guard answers within microseconds or is held still; for it connections wait a fifth of a second at most.
final class GuardedSockets: @unchecked Sendable {
    /// What the guard had kept when this worker began.
    typealias Known = [(proxy: GuardedProxy, socket: FileDescriptor?)]

    static let descriptor: Int32 = 3
    /// Where the API listens, if the guard keeps that too.
    static let apiDescriptor: Int32 = 4
    private static let patience: UInt64 = 200_000_000
    private let channel: PacketSocket
    private var number = 0

    /// The how many-th worker this is.
    private(set) var starts = 1

    init() { self.channel = PacketSocket(owning: FileDescriptor(owning: Self.descriptor)) }

    /// Takes over what the worker before had; nil when there is no guard.
    func takeOver(within limit: Duration) -> Known? {
        let end = BootClock.now() + limit.nanoseconds
        var known: Known = []
        while let (message, socket) = self.next(until: end) {
            switch message.kind {
            case .known: if let proxy = message.proxy { known.append((proxy, socket)) }
            case .begin:
                self.starts = message.starts ?? 1
                return known
            default: break
            }
        }
        return nil
    }

    /// Has a proxy's socket made what it shall be.
    ///
    /// - Returns: the proxy with the port that it has, and a socket when one was opened for it.
    /// - Throws: `conflict` when somebody else has the port; `busy` when the guard does not answer.
    func keep(_ proxy: GuardedProxy) throws(ChaosError) -> (proxy: GuardedProxy, opened: FileDescriptor?) {
        let (answer, socket) = try self.ask(.keep, proxy)
        guard let kept = answer.proxy else {
            throw ChaosError(
                .conflict,
                answer.problem ?? "cannot listen at \(proxy.listen.way)",
                hint: "name another port, or 0 for any"
            )
        }
        return (kept, socket)
    }

    func forget(_ proxy: GuardedProxy) throws(ChaosError) { _ = try self.ask(.forget, proxy) }

    /// Says that this worker lives; ends it where nobody is there to say it to.
    func beat(isReady: Bool = false) {
        if self.send(GuardMessage(isReady ? .ready : .beat)) == .closed { _exit(1) }
    }

    private func ask(
        _ kind: GuardMessage.Kind,
        _ proxy: GuardedProxy
    ) throws(ChaosError) -> (GuardMessage, FileDescriptor?) {
        self.number += 1
        let end = BootClock.now() + Self.patience
        if self.send(GuardMessage(kind, number: self.number, proxy: proxy)) == .sent {
            while let (message, socket) = self.next(until: end) {
                // A late answer to somebody who did not wait for it is not ours.
                if message.kind == .answer, message.number == self.number { return (message, socket) }
            }
        }
        throw ChaosError(.busy, "the guard of the proxy's sockets does not answer", hint: "ask again")
    }

    private func send(_ message: GuardMessage) -> PacketSocket.Sending {
        guard let bytes = try? OpsJSON.encode(message) else { return .unread }  // our own types always have a JSON text
        return self.channel.send(bytes, waitingMilliseconds: 0)
    }

    private func next(until end: UInt64) -> (GuardMessage, FileDescriptor?)? {
        while true {
            switch self.channel.receive() {
            case .closed: return nil
            case .packet(let bytes, let socket):
                if let message = try? OpsJSON.decode(GuardMessage.self, from: bytes) { return (message, socket) }
            case .nothing:
                let now = BootClock.now()
                guard now < end else { return nil }
                let left = Int32(clamping: (end - now) / 1_000_000 + 1)
                _ = Descriptors.wait(self.channel.fd, Int16(POLLIN), milliseconds: left)
            }
        }
    }
}
