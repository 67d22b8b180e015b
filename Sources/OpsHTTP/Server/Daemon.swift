import CLinux
import CMicrohttpd
import Glibc
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// A libmicrohttpd daemon: its threads, its listening socket and what it calls for each request.
final class Daemon: Sendable {
    private struct Handle: @unchecked Sendable { var raw: OpaquePointer }  // the library locks it by itself
    private struct Sink: @unchecked Sendable {  // written before the start, only read afterwards
        var raw: UnsafeMutablePointer<opslab_mhd_sink>
    }
    typealias ExchangeMaker = @Sendable (_ target: String, _ link: Link) -> WireExchange

    let listener: Listener
    let links: LinkRegistry
    private let handle = Mutex<Handle?>(nil)
    private let isRefusing = Atomic(false)
    private let makeExchange: ExchangeMaker
    private let admits: @Sendable () -> Bool
    private let logger: Logger
    private let sink = Sink(raw: .allocate(capacity: 1))

    /// `admits` is asked at each new connection, on the library's thread; one that is not admitted is closed at once.
    init(
        listener: Listener,
        links: LinkRegistry,
        logger: Logger,
        admits: @escaping @Sendable () -> Bool = { true },
        makeExchange: @escaping ExchangeMaker
    ) {
        self.listener = listener
        self.links = links
        self.logger = logger
        self.admits = admits
        self.makeExchange = makeExchange
    }

    deinit { sink.raw.deallocate() }

    func start(threads: Int, silence: Duration, connectionLimit: Int) throws(HTTPServerError) {
        let context = Unmanaged.passRetained(self)  // released by `stop`, which joins the threads first
        sink.raw.initialize(to: opslab_mhd_sink(write: logLine, context: context.toOpaque()))
        let settings = opslab_mhd_settings(
            listener: listener.descriptor,
            threads: UInt32(max(1, threads)),
            silence_seconds: UInt32(max(1, silence.inSeconds)),
            connection_limit: UInt32(max(1, connectionLimit)),
            connection_memory: 32_768
        )
        let callbacks = opslab_mhd_callbacks(
            context: context.toOpaque(),
            admit: clientArrived,
            access: requestAdvanced,
            completed: requestCompleted,
            notify: connectionChanged,
            target_seen: targetSeen
        )
        MHD_set_panic_func(opslab_linux_panic, nil)
        guard let raw = opslab_mhd_start(settings, callbacks, sink.raw) else {
            context.release()
            close(listener.descriptor)
            throw HTTPServerError(
                .startFailed,
                "The HTTP server got no threads or descriptors; raise this user's limits."
            )
        }
        handle.withLock { $0 = Handle(raw: raw) }
        links.startSweeping()
    }

    /// Takes no new connections; those that are open go on.
    ///
    /// In libmicrohttpd 0.9.75 a thread that wakes up just then may take the socket out of its epoll set first, and the library calls
    /// that a panic. It has done what was asked, so the rest is asked for again.
    func refuseClients() {
        handle.withLock { handle in
            guard let handle, !isRefusing.exchange(true, ordering: .relaxed) else { return }
            let missed = opslab_linux_insist(MHD_quiesce_daemon, handle.raw)
            if missed > 0 { logger.debug("refused clients at a later try", ["tries": .int(Int(missed) + 1)]) }
            listener.refuse()
        }
    }

    /// Ends everything.
    ///
    /// No connection may be suspended: the library aborts the process over one.
    func stop() {
        refuseClients()
        guard let handle = handle.withLock({ $0.take() }) else { return }
        links.stopSweeping()
        MHD_stop_daemon(handle.raw)
        close(listener.descriptor)
        Unmanaged.passUnretained(self).release()
    }

    fileprivate var isAdmitting: Bool { self.admits() }

    fileprivate func begin(_ target: String, _ connection: Connection) -> UnsafeMutableRawPointer? {
        guard let link = connection.link else { return nil }
        let exchange = makeExchange(target, link)
        link.enter(.head)
        link.adopt(exchange)
        return Unmanaged.passUnretained(exchange).toOpaque()
    }

    fileprivate func connected(_ descriptor: Int32) -> UnsafeMutableRawPointer {
        let link = Link(descriptor: descriptor)
        links.add(link)
        return Unmanaged.passRetained(link).toOpaque()
    }

    fileprivate func disconnected(_ context: UnsafeMutableRawPointer) {
        let link = Unmanaged<Link>.fromOpaque(context).takeRetainedValue()
        links.remove(link)
        link.adopt(nil)
    }

    fileprivate func log(_ line: String) { logger.debug("libmicrohttpd said", ["text": .string(line)]) }
}

// MARK: What C calls; file-level constants, so that none of them belongs to an actor

private func daemon(_ context: UnsafeMutableRawPointer?) -> Daemon? {
    context.map { Unmanaged<Daemon>.fromOpaque($0).takeUnretainedValue() }
}

private let logLine: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> Void = { context, line in
    if let line { daemon(context)?.log(String(cString: line)) }
}

private let clientArrived: MHD_AcceptPolicyCallback = { context, _, _ in
    daemon(context)?.isAdmitting == false ? opslab_mhd_no() : opslab_mhd_yes()
}

private let targetSeen:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
        context,
        target,
        connection in
        guard let target, let connection else { return nil }
        return daemon(context)?.begin(String(cString: target), Connection(raw: connection))
    }

private let requestAdvanced: MHD_AccessHandlerCallback = { _, connection, _, method, _, data, size, context in
    guard let connection, let method, let size, let exchange = context?.pointee else { return opslab_mhd_no() }
    let part = UnsafeRawBufferPointer(start: data, count: size.pointee)
    size.pointee = 0
    return Unmanaged<WireExchange>.fromOpaque(exchange).takeUnretainedValue()
        .step(Connection(raw: connection), method: String(cString: method), part: part)
}

private let requestCompleted: MHD_RequestCompletedCallback = { _, connection, context, code in
    guard let connection, let exchange = context?.pointee else { return }
    context?.pointee = nil
    let link = Connection(raw: connection).link
    Unmanaged<WireExchange>.fromOpaque(exchange).takeUnretainedValue().completed(
        isWhole: opslab_mhd_is_completed(code) == 1
    )
    link?.enter(.idle)
    link?.adopt(nil)
}

private let connectionChanged: MHD_NotifyConnectionCallback = { context, connection, slot, code in
    guard let connection, let slot, let daemon = daemon(context) else { return }
    if opslab_mhd_is_started(code) == 1 {
        slot.pointee = daemon.connected(Connection(raw: connection).descriptor)
    } else if let link = slot.pointee {
        slot.pointee = nil
        daemon.disconnected(link)
    }
}
