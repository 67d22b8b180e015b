import Glibc
import Synchronization

/// Sockets that were opened and that nobody uses or closes any more.
///
/// What leaks is what work leaves behind: a process that opens nothing more leaks no further, so that it stays where its guard holds it.
final class ForgottenDescriptors: Burden {
    /// At a time: less than would carry a process from its guard's mark to its limit unseen.
    private static let atOnce = 8

    private let sockets = Mutex<[Int32]>([])
    private let hasRoom: @Sendable () -> Bool

    init(whileRoom hasRoom: @escaping @Sendable () -> Bool) { self.hasRoom = hasRoom }

    deinit { self.sockets.withLock { for socket in $0 { close(socket) } } }

    func carry(_ amount: Int) async -> Int {
        self.sockets.withLock { sockets in
            while sockets.count > amount, let last = sockets.popLast() { close(last) }
            for _ in 0..<Self.atOnce where sockets.count < amount {
                guard self.hasRoom() else { break }
                let new = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
                guard new >= 0 else { break }
                sockets.append(new)
            }
            return sockets.count
        }
    }
}
