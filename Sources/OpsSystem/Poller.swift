import CLinux
import Glibc
import Synchronization

/// One thread and one epoll set for the sockets, pipes and process descriptors of the whole process.
///
/// Handlers run on the poller's thread and must not block. A token, never a pointer, travels through the kernel, so an event for
/// a descriptor that was already taken out finds nobody.
///
/// - Important: Remove a descriptor before closing it, and register a descriptor once; `wait` makes its own copy.
public final class Poller: Sendable {
    /// What to wait for.
    public struct Interest: OptionSet, Sendable {
        /// The bits as the kernel names them.
        public let rawValue: UInt32
        /// Wraps bits that the kernel gave.
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        /// There is something to read, or the other side has gone.
        public static let read = Interest(rawValue: 1)
        /// There is room to write.
        public static let write = Interest(rawValue: 4)
    }

    /// Called on the poller's thread; an error or a hang-up counts as readable.
    public typealias Handler = @Sendable (_ readable: Bool, _ writable: Bool) -> Void

    /// The process's only poller.
    public static let shared = Poller()

    private struct State {
        var next: UInt64 = 0
        var handlers: [UInt64: Handler] = [:]
        var refused: [UInt64] = []
    }

    private let state = Mutex(State())
    private let epoll: Int32
    private let alarm: Int32
    private static let capacity = 64

    private init() {
        self.epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        self.alarm = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        _ = self.control(EPOLL_CTL_ADD, self.alarm, .read, 0)
        var thread = pthread_t()
        pthread_create(&thread, nil, pollerThread, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    /// Starts watching a descriptor and gives the token that names this watch.
    ///
    /// When the kernel refuses the descriptor, the handler is told that it is readable and writable: the owner's next read or
    /// write then reports what is wrong.
    public func add(_ fd: Int32, _ interest: Interest, _ handler: @escaping Handler) -> UInt64 {
        let token = self.state.withLock { state in
            state.next += 1
            state.handlers[state.next] = handler
            return state.next
        }
        if !self.control(EPOLL_CTL_ADD, fd, interest, token) { self.refuse(token) }
        return token
    }

    /// Waits for something else from now on.
    public func change(_ token: UInt64, _ fd: Int32, _ interest: Interest) {
        _ = self.control(EPOLL_CTL_MOD, fd, interest, token)
    }

    /// Ends a watch; a handler that is running just now may still finish.
    public func remove(_ token: UInt64, _ fd: Int32) {
        _ = self.state.withLock { $0.handlers.removeValue(forKey: token) }
        epoll_ctl(self.epoll, EPOLL_CTL_DEL, fd, nil)
    }

    private func control(_ what: Int32, _ fd: Int32, _ interest: Interest, _ token: UInt64) -> Bool {
        var event = epoll_event()
        event.events = interest.rawValue | EPOLLRDHUP.rawValue
        event.data.u64 = token
        return epoll_ctl(self.epoll, what, fd, &event) == 0
    }

    private func refuse(_ token: UInt64) {
        self.state.withLock { $0.refused.append(token) }
        eventfd_write(self.alarm, 1)
    }

    fileprivate func run() {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.capacity) { events in
            while true {
                let count = epoll_wait(self.epoll, events.baseAddress, Int32(Self.capacity), -1)
                for index in 0..<max(0, Int(count)) {
                    self.deliver(events[index].data.u64, events[index].events)
                }
            }
        }
    }

    private func deliver(_ token: UInt64, _ bits: UInt32) {
        guard token != 0 else { return self.deliverRefused() }
        let handler = self.state.withLock { $0.handlers[token] }
        handler?(bits & ~EPOLLOUT.rawValue != 0, bits & EPOLLOUT.rawValue != 0)
    }

    private func deliverRefused() {
        var count: eventfd_t = 0
        eventfd_read(self.alarm, &count)
        let handlers = self.state.withLock { state in
            let found = state.refused.compactMap { state.handlers[$0] }
            state.refused = []
            return found
        }
        for handler in handlers { handler(true, true) }
    }
}

/// Lives as long as the process: nobody owns the poller's thread but the poller itself.
private let pollerThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
    guard let context else { return nil }
    _ = opslab_linux_set_name("opslab-poller")
    Unmanaged<Poller>.fromOpaque(context).takeUnretainedValue().run()
    return nil
}
