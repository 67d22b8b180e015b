import Glibc
import Synchronization

/// Memory that was taken and written to, that nobody reads any more and nobody gives back, in pieces of one mebibyte.
///
/// What leaks is what work leaves behind: a process that refuses work leaks no further, so that it stays where its guard holds it.
final class ForgottenPages: Burden {
    private static let piece = 1 << 20
    /// Pieces at a time: less than would carry a process from its guard's mark to its limit unseen.
    private static let atOnce = 4

    /// Addresses; a pointer may not go from one thread to the next.
    private let pieces = Mutex<[UInt]>([])
    private let hasRoom: @Sendable () -> Bool

    init(whileRoom hasRoom: @escaping @Sendable () -> Bool) { self.hasRoom = hasRoom }

    deinit { self.pieces.withLock { $0.forEach(Self.giveBack) } }

    func carry(_ amount: Int) async -> Int {
        self.pieces.withLock { pieces in
            while pieces.count > amount, let last = pieces.popLast() { Self.giveBack(last) }
            for _ in 0..<Self.atOnce where pieces.count < amount {
                guard self.hasRoom(), let address = Self.take() else { break }
                pieces.append(address)
            }
            return pieces.count
        }
    }

    /// A mapping of its own, so that what is given back leaves the process at once; nil when the kernel has none.
    private static func take() -> UInt? {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS
        guard let start = mmap(nil, Self.piece, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else {
            return nil
        }
        memset(start, 0x5A, Self.piece)  // only what is written to is resident
        return UInt(bitPattern: start)
    }

    private static func giveBack(_ address: UInt) {
        if let start = UnsafeMutableRawPointer(bitPattern: address) { munmap(start, Self.piece) }
    }
}
