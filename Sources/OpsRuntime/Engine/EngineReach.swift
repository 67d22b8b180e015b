import Glibc
import OpsHTTP
import OpsModel
import OpsSystem

/// Finds out whether an engine can be used, and says which of all reasons is the one when it cannot.
struct EngineReach: Sendable {
    let socket: String
    let http: HTTPClient
    var limit: Duration = .seconds(5)

    /// The engine that answers, which is new enough.
    ///
    /// - Throws: `no_engine`, `no_permission`, `supervisor_unreachable`, `supervisor_refused`, `engine_too_old`.
    func version() async throws(RuntimeError) -> EngineVersion {
        try knock()
        guard let version = EngineVersion(try await get("/version")) else {
            throw RuntimeError(
                .supervisorRefused,
                "what answers at \(socket) is no container engine",
                hint: Self.choosing
            )
        }
        guard version.api >= EngineVersion.oldest else {
            throw RuntimeError(
                .engineTooOld,
                "the engine at \(socket) is \(version.engine) with API \(version.api), and a lab needs API \(EngineVersion.oldest)",
                hint: "install Docker 20.10 or newer (Debian: docker.io)"
            )
        }
        return version
    }

    /// What the engine says to a question, as JSON; nil where it has no such thing.
    func get(_ path: String) async throws(RuntimeError) -> JSONValue? {
        let request = HTTPClientRequest(url: "http://engine\(path)", timeout: limit, unixSocket: socket, retries: 0)
        let response: HTTPClientResponse
        do { response = try await http.send(request) } catch {
            throw RuntimeError.engineSilent(socket, error.message)
        }
        if response.status == 404 { return nil }
        return try EngineOrder(isQuestion: true, path: path).value(status: response.status, body: response.text)
    }

    /// Whether somebody listens there and lets us in; an HTTP client does not tell the reasons apart.
    private func knock() throws(RuntimeError) {
        do throws(SystemError) { _ = try FileDescriptor(connectingTo: socket) } catch {
            switch error.errno {
            case ENOENT, ENOTDIR: throw absent("there is no container engine: \(socket) does not exist")
            case ECONNREFUSED: throw absent("no container engine listens at \(socket) any more")
            case EACCES, EPERM: throw forbidden
            default: throw RuntimeError.engineSilent(socket, error.message)
            }
        }
    }

    private func absent(_ message: String) -> RuntimeError {
        RuntimeError(.noEngine, message, hint: "start one: eval \"$(scripts/engine start)\"; or \(Self.choosing)")
    }

    private var forbidden: RuntimeError {
        RuntimeError(
            .noPermission,
            "\(SystemUser.current.name) may not use the container engine's socket \(socket)",
            hint: "run this as root, or become a member of the socket's group and log in again"
        )
    }

    private static let choosing = "set DOCKER_HOST=unix://PATH to the one that is meant"
}
