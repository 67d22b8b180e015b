import OpsHTTP

/// Asks a provider whether it takes a key.
struct AccountDesk: Sendable {
    private let http = HTTPClient(configuration: .init(timeout: .seconds(2), retries: 0))

    /// Nil when there is no answer to that: it is away, or has troubles of its own.
    func accepts(_ key: String, at url: String) async -> Bool? {
        let request = HTTPClientRequest(url: url, timeout: .seconds(2), key: key, retries: 0)
        // Refused, reset, slow: all the same here.
        guard let answer = try? await http.send(request) else { return nil }
        switch answer.status {
        case 200..<300: return true
        case 401, 403: return false
        default: return nil
        }
    }
}
