import Glibc
import OpsModel
import OpsSystem
import Synchronization

/// The services of one process: they start together, and the first one that ends takes the others along.
///
/// SIGTERM, SIGINT and SIGHUP cancel all of them. What has not returned when the drain time is up is given up, and the process ends.
public struct ServiceGroup: Sendable {
    private let services: [any Service]
    private let logger: Logger
    private let drain: Duration
    private let handlesSignals: Bool

    /// Gathers services; a group inside a test leaves the signals alone.
    public init(services: [any Service], logger: Logger, drain: Duration = .seconds(3), handlesSignals: Bool = true) {
        self.services = services
        self.logger = logger
        self.drain = drain
        self.handlesSignals = handlesSignals
    }

    /// Runs until a signal, a cancellation or the first end, and gives the exit code: 0 only after an orderly stop.
    public func run() async -> Int32 {
        let stop = StopRequest()
        if self.handlesSignals { Signals.onTermination { stop.request(signal: $0) } }
        return await withTaskCancellationHandler {
            await self.supervise(stop)
        } onCancel: {
            stop.request(signal: nil)
        }
    }

    private func supervise(_ stop: StopRequest) async -> Int32 {
        await withTaskGroup(of: Ending.self) { group in
            for service in self.services { group.addTask { await Self.run(service) } }
            group.addTask { .stopped(await stop.wait()) }
            let first = await group.next() ?? .stopped(nil)
            // A service that a cancellation ended may be heard of before the cancellation itself.
            let code = self.exitCode(of: Task.isCancelled || stop.isRequested ? .stopped(stop.signal) : first)
            let watchdog = self.handlesSignals ? DrainWatchdog(limit: self.drain, logger: self.logger) : nil
            group.cancelAll()
            stop.request(signal: nil)
            for await ending in group { self.note(ending) }
            watchdog?.disarm()
            return code
        }
    }

    private static func run(_ service: any Service) async -> Ending {
        do {
            try await service.run()
            return .returned("\(type(of: service))")
        } catch {
            return .failed("\(type(of: service))", "\(error)")
        }
    }

    private func exitCode(of ending: Ending) -> Int32 {
        switch ending {
        case .stopped(let signal):
            self.logger.info("shutting down", signal.map { ["signal": .int(Int($0))] } ?? [:])
            return 0
        case .returned(let name):
            self.logger.error("service ended unasked", ["part": .string(name)])
            return 1
        case .failed(let name, let reason):
            self.logger.error("service failed", ["part": .string(name), "error": .string(reason)])
            return 1
        }
    }

    private func note(_ ending: Ending) {
        guard case .failed(let name, let reason) = ending, !reason.hasPrefix("CancellationError") else { return }
        self.logger.warning("service failed while stopping", ["part": .string(name), "error": .string(reason)])
    }
}

/// How one part of the group came to its end.
private enum Ending: Sendable {
    case stopped(Int32?)
    case returned(String)
    case failed(String, String)
}

/// A wish to stop: made once, by whoever comes first.
private final class StopRequest: Sendable {
    private struct State {
        var isRequested = false
        var signal: Int32?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func request(signal: Int32?) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            if !state.isRequested { state.signal = signal }
            state.isRequested = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    var isRequested: Bool { self.state.withLock { $0.isRequested } }
    var signal: Int32? { self.state.withLock { $0.signal } }

    func wait() async -> Int32? {
        await withCheckedContinuation { continuation in
            let isRequested = self.state.withLock { state in
                if !state.isRequested { state.waiter = continuation }
                return state.isRequested
            }
            if isRequested { continuation.resume() }
        }
        return self.signal
    }
}
