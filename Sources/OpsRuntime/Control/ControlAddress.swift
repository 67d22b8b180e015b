public import OpsHTTP

/// Where programs are started and stopped: a supervisor's socket, or an engine's with the prefix of a lab's containers.
///
/// Written `/run/lab/target.sock`, or `engine:/run/engine.sock#opslab-default-`: one word, as bindings and journals keep it.
public enum ControlAddress: Hashable, Sendable, LosslessStringConvertible {
    /// The path of a supervisor's socket.
    case supervisor(String)
    /// The path of an engine's socket, and what the names of a lab's containers begin with.
    case engine(socket: String, prefix: String)

    private static let scheme = "engine:"

    /// Reads either form; every text without the scheme is a path.
    public init(_ description: String) {
        guard description.hasPrefix(Self.scheme), let mark = description.lastIndex(of: "#") else {
            self = .supervisor(description)
            return
        }
        let socket = description[..<mark].dropFirst(Self.scheme.count)
        self = .engine(socket: String(socket), prefix: String(description[description.index(after: mark)...]))
    }

    /// The form that `init` reads.
    public var description: String {
        switch self {
        case .supervisor(let socket): socket
        case .engine(let socket, let prefix): "\(Self.scheme)\(socket)#\(prefix)"
        }
    }

    /// The socket itself.
    public var socket: String {
        switch self {
        case .supervisor(let socket), .engine(let socket, _): socket
        }
    }

    /// Whoever answers there.
    public func control(_ http: HTTPClient, within limit: Duration = .seconds(15)) -> any ProgramControl {
        switch self {
        case .supervisor(let socket): SupervisorClient(socket: socket, http: http, within: limit)
        case .engine(let socket, let prefix): EngineClient(socket: socket, prefix: prefix, http: http, within: limit)
        }
    }

    /// The same for a program without tasks.
    package func blockingControl() -> any BlockingProgramControl {
        switch self {
        case .supervisor(let socket): BlockingSupervisorClient(socket: socket)
        case .engine(let socket, let prefix): BlockingEngineClient(socket: socket, prefix: prefix)
        }
    }
}
