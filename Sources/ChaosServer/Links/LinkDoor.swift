import OpsHTTP
import OpsModel
import OpsService
import OpsSystem
import Synchronization

/// `GET /ways`, `POST /close`, `POST /fence` and `POST /open`; whoever may enter the socket's directory may call.
///
/// A token that was fenced closes nothing any more: what a holder sent before it was killed may come after its undo.
final class LinkDoor: Sendable {
    private let gate: any LinkGate
    private let fenced = Mutex<Set<String>>([])

    init(_ gate: any LinkGate) { self.gate = gate }

    func listener(at socket: String) -> SynchronousHTTPListener {
        SynchronousHTTPListener(
            configuration: HTTPServerConfiguration(listen: .unix(path: socket, mode: 0o666), name: "link"),
            logger: Logger(label: "chaos-link")
        ) { method, path, _, _, body in
            do throws(ChaosError) {
                return Self.success(try self.answer(method, path, body))
            } catch {
                return Self.failure(ErrorMapping.status(of: error.code), error.code.rawValue, error.description)
            }
        }
    }

    private func answer(_ method: HTTPMethod, _ path: String, _ body: [UInt8]) throws(ChaosError) -> LinkState {
        switch (method, path) {
        case (.get, "/ways"): break
        case (.post, "/close"):
            let closing = try Self.decode(LinkClosing.self, body)
            if let problem = closing.problem { throw ChaosError(.badParameter, problem) }
            guard !self.fenced.withLock({ $0.contains(closing.token) }) else {
                throw ChaosError(.conflict, "what \(closing.token) closed is over")
            }
            if self.gate.isConnected { try self.gate.close(closing) }
        case (.post, "/fence"): try self.fence(body)
        case (.post, "/open"): try self.open(try self.fence(body))
        default: throw ChaosError(.unknownFault, "there are GET /ways, POST /close, POST /fence and POST /open")
        }
        return LinkState(isCurrent: self.gate.isConnected, closed: try self.gate.closed())
    }

    @discardableResult
    private func fence(_ body: [UInt8]) throws(ChaosError) -> String {
        let token = try Self.decode(LinkToken.self, body).token
        if let problem = LinkClosing.problem(withToken: token) { throw ChaosError(.badParameter, problem) }
        self.fenced.withLock { _ = $0.insert(token) }
        return token
    }

    /// One whose time is over in between makes the whole step fail: then it is looked again.
    private func open(_ token: String) throws(ChaosError) {
        var attempts = 3
        while true {
            let ours = try self.gate.closed().filter { $0.token == token }
            attempts -= 1
            do throws(ChaosError) { return try self.gate.open(ours) } catch {
                guard attempts > 0 else { throw error }
            }
        }
    }

    private static func decode<Body: Decodable>(_ type: Body.Type, _ body: [UInt8]) throws(ChaosError) -> Body {
        guard let value = try? OpsJSON.decode(type, from: body) else {
            throw ChaosError(.badParameter, "the body is not what this call takes")
        }
        return value
    }

    private static func success(_ state: LinkState) -> (status: Int, body: [UInt8]) {
        // Always has a JSON text
        let body: JSONValue = ["data": (try? JSONValue(encoding: state)) ?? nil, "message": "the ways out"]
        return (200, (try? OpsJSON.encode(body)) ?? [])
    }

    private static func failure(_ status: Int, _ code: String, _ message: String) -> (status: Int, body: [UInt8]) {
        let body: JSONValue = ["error": .string(message), "code": .string(code), "details": [:]]
        return (status, (try? OpsJSON.encode(body)) ?? [])  // always has a JSON text
    }
}
