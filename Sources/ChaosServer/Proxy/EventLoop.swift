import CLinux
import Glibc
import OpsSystem
import Synchronization

/// One thread that waits for sockets and for moments, and for nothing else; everything it owns is touched by it alone.
///
/// Moments are kept to the nanosecond: a delay of a hundred milliseconds must not become one of a hundred and one.
final class EventLoop: @unchecked Sendable {
    typealias Work = @Sendable () -> Void

    private struct Moment: Comparable {
        var due: UInt64
        var order: UInt64
        var body: () -> Void

        static func < (left: Moment, right: Moment) -> Bool { (left.due, left.order) < (right.due, right.order) }
        static func == (left: Moment, right: Moment) -> Bool { left.order == right.order }
    }

    private static let capacity = 256

    /// For what is read, one turn after the other.
    var scratch = [UInt8](repeating: 0, count: 64 << 10)

    private let epoll = FileDescriptor(owning: epoll_create1(Int32(EPOLL_CLOEXEC)))
    private let alarm = FileDescriptor(owning: eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)))
    private let inbox = Mutex<[Work]>([])
    private var handlers: [UInt64: (UInt32) -> Void] = [:]
    private var nextToken: UInt64 = 1
    private var moments = Heap<Moment>()
    private var nextOrder: UInt64 = 0
    private var isStopping = false

    /// Has the loop do something; from any thread.
    func post(_ work: @escaping Work) {
        self.inbox.withLock { $0.append(work) }
        eventfd_write(self.alarm.raw, 1)
    }

    /// Begins to watch a descriptor for these events of epoll, and gives the token that names the watch.
    func watch(_ fd: Int32, _ events: UInt32, _ handler: @escaping (UInt32) -> Void) -> UInt64 {
        let token = self.nextToken
        self.nextToken += 1
        self.handlers[token] = handler
        self.control(EPOLL_CTL_ADD, fd, events, token)
        return token
    }

    func change(_ token: UInt64, _ fd: Int32, _ events: UInt32) { self.control(EPOLL_CTL_MOD, fd, events, token) }

    /// Has to come before the descriptor is closed.
    func forget(_ token: UInt64, _ fd: Int32) {
        self.handlers[token] = nil
        epoll_ctl(self.epoll.raw, EPOLL_CTL_DEL, fd, nil)
    }

    /// Does something at a moment of the boot clock.
    func at(_ due: UInt64, _ body: @escaping () -> Void) {
        self.nextOrder += 1
        self.moments.insert(Moment(due: due, order: self.nextOrder, body: body))
    }

    func stop() { self.post { self.isStopping = true } }

    /// Runs until it is stopped.
    func run() {
        self.control(EPOLL_CTL_ADD, self.alarm.raw, EPOLLIN.rawValue, 0)
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.capacity) { events in
            while !self.isStopping {
                let count = self.wait(events.baseAddress)
                for index in 0..<max(0, count) { self.deliver(events[index].data.u64, events[index].events) }
                self.keepMoments()
            }
        }
    }

    private func wait(_ events: UnsafeMutablePointer<epoll_event>?) -> Int {
        guard let next = self.moments.first?.due else {
            return Int(epoll_wait(self.epoll.raw, events, Int32(Self.capacity), -1))
        }
        let now = BootClock.now()
        let left = next > now ? next - now : 0
        var limit = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
        return Int(epoll_pwait2(self.epoll.raw, events, Int32(Self.capacity), &limit, nil))
    }

    private func deliver(_ token: UInt64, _ events: UInt32) {
        guard token == 0 else {
            self.handlers[token]?(events)
            return
        }
        var count: eventfd_t = 0
        eventfd_read(self.alarm.raw, &count)
        let works = self.inbox.withLock { inbox in
            defer { inbox = [] }
            return inbox
        }
        for work in works { work() }
    }

    private func keepMoments() {
        let now = BootClock.now()
        while let next = self.moments.first, next.due <= now {
            self.moments.removeFirst()
            next.body()
        }
    }

    private func control(_ what: Int32, _ fd: Int32, _ events: UInt32, _ token: UInt64) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        epoll_ctl(self.epoll.raw, what, fd, &event)
    }
}
