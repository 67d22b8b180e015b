import OpsHTTP
import OpsModel
import Synchronization

/// Talks to an agent that is a server: each message is a POST, and the answer to it is the agent's next message.
///
/// Every request has `{"session": "…", "message": {…}}`, so that one server can work several incidents.
final class AddressTransport: AgentTransport {
    private enum Next {
        case nothing
        case message([UInt8])
        case silence(String)
    }

    private let url: String
    private let session = Identifier.random(prefix: "ses", length: 12)
    private let client: HTTPClient
    private let next = Mutex(Next.nothing)

    /// How long one answer may take.
    static let patience: Duration = .seconds(60)

    init(url: String, limits: AgentLimits) {
        self.url = url
        client = HTTPClient(
            configuration: HTTPClient.Configuration(
                timeout: Self.patience,
                connectTimeout: .seconds(3),
                retries: 0,
                answerLimit: limits.messageBytes
            )
        )
    }

    func send(_ message: JSONValue) async {
        let answer = await post(message)
        next.withLock { $0 = answer }
    }

    /// What the last message was answered with: whoever is a server says nothing unasked, so there is nothing to wait for.
    func receive(within limit: Duration) async throws -> AgentHeard {
        switch next.withLock({ $0 }) {
        case .nothing: return .pass
        case .message(let bytes): return .message(bytes)
        case .silence(let reason): throw AgentRefusal("agent_silent", reason)
        }
    }

    func close() async -> AgentFarewell { AgentFarewell() }

    private func post(_ message: JSONValue) async -> Next {
        do {
            let body: JSONValue = ["session": .string(session), "message": message]
            var request = HTTPClientRequest(method: .post, url: url, body: try OpsJSON.encode(body))
            request.headers["Content-Type"] = "application/json"
            let response = try await client.send(request)
            guard response.isSuccess else { return .silence("it answered with status \(response.status)") }
            return response.body.isEmpty ? .nothing : .message(response.body)
        } catch {
            return .silence("\(error)")
        }
    }
}
