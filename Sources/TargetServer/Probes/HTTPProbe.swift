import OpsHTTP

/// Asks a server for its health.
struct HTTPProbe: Sendable {
    let url: String
    let http: HTTPClient

    func check() async -> ProbeResult {
        do {
            return ProbeResult(
                status: try await http.send(HTTPClientRequest(url: url, timeout: .seconds(1), retries: 0)).status
            )
        } catch {
            return ProbeResult(error)
        }
    }
}
