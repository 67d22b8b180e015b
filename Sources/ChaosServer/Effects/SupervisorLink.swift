import Glibc
import OpsSystem

/// The few questions and orders that faults have for the target's supervisor, for programs without tasks.
struct SupervisorLink: Sendable {
    /// What the supervisor says about one program.
    struct Program: Hashable, Sendable {
        enum State: Int, Sendable {
            case stopped = 0
            case starting = 10
            case running = 20
            case backoff = 30
            case stopping = 40
            case exited = 100
            case fatal = 200
            case unknown = 1_000
        }

        var state: State
        var pid: Int32
        /// Whole seconds, as the supervisor counts them.
        var startedAt: Int
    }

    private static let limit: UInt64 = 5_000_000_000
    let socket: String

    func info(of program: String) throws(ChaosError) -> Program {
        let answer = try self.call("supervisor.getProcessInfo", [.text(program)])
        guard let state = XMLRPC.integer("state", in: answer), let pid = XMLRPC.integer("pid", in: answer),
            let start = XMLRPC.integer("start", in: answer)
        else { throw ChaosError(.targetUnavailable, "the supervisor says nothing about \(program)") }
        return Program(state: Program.State(rawValue: state) ?? .unknown, pid: Int32(clamping: pid), startedAt: start)
    }

    func start(_ program: String) throws(ChaosError) {
        // 60 ALREADY_STARTED: somebody was faster.
        _ = try self.call("supervisor.startProcess", [.text(program), .flag(false)], tolerating: [60])
    }

    func stop(_ program: String) throws(ChaosError) {
        // 70 NOT_RUNNING: it is down already.
        _ = try self.call("supervisor.stopProcess", [.text(program), .flag(true)], tolerating: [70])
    }

    func signal(_ program: String, _ name: String) throws(ChaosError) {
        _ = try self.call("supervisor.signalProcess", [.text(program), .text(name)])
    }

    private func call(
        _ method: String,
        _ parameters: [XMLRPC.Value],
        tolerating tolerated: Set<Int> = []
    ) throws(ChaosError) -> String {
        let answer = try self.exchange(XMLRPC.request(method, parameters))
        guard let fault = XMLRPC.fault(in: answer), !tolerated.contains(fault.code) else { return answer }
        throw ChaosError(
            fault.code == 10 ? .badTarget : .notApplied,
            "the supervisor refused \(method): \(fault.text)",
            hint: "see the target's supervisor"
        )
    }

    private func exchange(_ body: String) throws(ChaosError) -> String {
        let raw = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw ChaosError(.busy, "no socket: \(String(cString: strerror(errno)))") }
        let descriptor = FileDescriptor(owning: raw)
        guard UnixAddress.with(self.socket, { connect(raw, $0, $1) }) == 0 else {
            throw ChaosError(.targetUnavailable, "the target's supervisor does not answer at its socket")
        }
        let head =
            "POST /RPC2 HTTP/1.0\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        do throws(SystemError) { try descriptor.write(Array((head + body).utf8), doing: "ask the supervisor") } catch {
            throw ChaosError(.targetUnavailable, error.message)
        }
        return try self.answer(descriptor)
    }

    /// Reads to the end: the request says HTTP/1.0, so the supervisor closes behind its answer.
    private func answer(_ descriptor: FileDescriptor) throws(ChaosError) -> String {
        let end = BootClock.now() + Self.limit
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 8_192)
        while !XMLRPC.isComplete(bytes) {
            let now = BootClock.now()
            guard now < end,
                Descriptors.wait(
                    descriptor.raw,
                    Int16(POLLIN),
                    milliseconds: Int32(clamping: (end - now) / 1_000_000 + 1)
                )
            else { throw ChaosError(.targetUnavailable, "the target's supervisor did not answer in time") }
            let count = retryInterrupted { read(descriptor.raw, &chunk, chunk.count) }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
