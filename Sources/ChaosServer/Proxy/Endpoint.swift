import CLinux
import Glibc
import OpsSystem

/// One end of a connection, as the loop watches it.
///
/// A descriptor that nothing is wanted of is not watched at all: a hang-up would be told again and again.
final class Endpoint {
    let descriptor: FileDescriptor
    private let loop: EventLoop
    private let handler: (UInt32) -> Void
    private var token: UInt64?
    private var events: UInt32 = 0

    init(_ descriptor: FileDescriptor, on loop: EventLoop, _ handler: @escaping (UInt32) -> Void) {
        self.descriptor = descriptor
        self.loop = loop
        self.handler = handler
    }

    func want(reading: Bool, writing: Bool) {
        let events = (reading ? EPOLLIN.rawValue : 0) | (writing ? EPOLLOUT.rawValue : 0)
        guard events != self.events else { return }
        self.events = events
        switch (self.token, events) {
        case (let token?, 0):
            self.loop.forget(token, self.descriptor.raw)
            self.token = nil
        case (let token?, _): self.loop.change(token, self.descriptor.raw, events)
        case (nil, _): self.token = self.loop.watch(self.descriptor.raw, events, self.handler)
        }
    }

    func forget() { self.want(reading: false, writing: false) }

    /// The next close of the descriptor resets the connection, and drops what was not sent.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(self.descriptor.raw, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    func sendAtOnce() {
        var isOn: Int32 = 1
        setsockopt(self.descriptor.raw, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }
}
