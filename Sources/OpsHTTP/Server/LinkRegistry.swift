import Glibc
import OpsSystem
import Synchronization

/// All connections of one server, and the sweep that ends the slow ones.
///
/// The library's own time-out counts silence only, so a byte now and then would hold a connection for ever; and it does not
/// look at suspended connections, so nobody would notice that their client has left.
final class LinkRegistry: Sendable {
    /// A peer that closed its sending side; the C library's name for it is not imported.
    private static let peerClosed: Int16 = 0x2000
    private static let quietStream: Duration = .seconds(15)

    private let links = Mutex<[ObjectIdentifier: Link]>([:])
    private let isStopped = Atomic(false)
    private let patience: HTTPServerConfiguration.Patience

    init(patience: HTTPServerConfiguration.Patience) { self.patience = patience }

    func add(_ link: Link) { links.withLock { $0[ObjectIdentifier(link)] = link } }
    func remove(_ link: Link) { _ = links.withLock { $0.removeValue(forKey: ObjectIdentifier(link)) } }
    var count: Int { links.withLock { $0.count } }

    func startSweeping() {
        startThread(named: "http-sweep") { [self] in
            while !isStopped.load(ordering: .acquiring) {
                WorkerThread.rest(patience.sweep)
                sweep()
            }
        }
    }

    func stopSweeping() { isStopped.store(true, ordering: .releasing) }

    /// Descriptors are used under the lock only: a link is removed before its socket is closed.
    func sweep(now: ContinuousClock.Instant = .now) {
        var left: [Link.Phase] = []
        links.withLock { links in
            for link in links.values {
                let (phase, since) = link.now
                if let limit = limit(of: phase), now - since > limit {
                    shutdown(link.descriptor, Int32(SHUT_RDWR))
                } else if isWatched(phase), hasLeft(link.descriptor) {
                    left.append(phase)
                } else if case .streaming(let stream) = phase {
                    stream.beat(after: Self.quietStream, now: now)
                }
            }
        }
        for phase in left { tell(phase) }
    }

    private func limit(of phase: Link.Phase) -> Duration? {
        switch phase {
        case .head: patience.head
        case .body: patience.body
        case .idle: patience.idle
        case .answering: patience.answer
        case .handling, .streaming: nil
        }
    }

    private func isWatched(_ phase: Link.Phase) -> Bool {
        switch phase {
        case .handling, .streaming: true
        default: false
        }
    }

    private func hasLeft(_ descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Self.peerClosed, revents: 0)
        return poll(&entry, 1, 0) == 1
    }

    private func tell(_ phase: Link.Phase) {
        switch phase {
        case .handling(let work): work.clientLeft()
        case .streaming(let stream): stream.readerLeft()
        default: break
        }
    }
}
