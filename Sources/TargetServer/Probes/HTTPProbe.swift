import OpsHTTP

/// Asks a server for its health, or whether it takes our key.
struct HTTPProbe: Sendable {
    let url: String
    var key: String?
    let http: HTTPClient

    func check() async -> ProbeResult {
        do {
            return ProbeResult(
                status: try await http.send(
                    HTTPClientRequest(url: url, timeout: .seconds(1), key: key, retries: 0)
                ).status
            )
        } catch {
            return ProbeResult(error)
        }
    }
}
