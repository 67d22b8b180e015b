import OpsHTTP

/// Asks a process over HTTP, as its callers would.
struct HTTPReadiness: Readiness {
    private let http = HTTPClient(configuration: .init(timeout: .seconds(2), retries: 0))

    func isReady(_ url: String, within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        while true {
            let request = HTTPClientRequest(method: .get, url: "\(url)/ready", timeout: .seconds(1))
            // Refused, reset, slow: all the same answer, not yet.
            if let response = try? await http.send(request), response.status == 200 { return true }
            guard ContinuousClock.now < end, (try? await Task.sleep(for: .milliseconds(50))) != nil else {
                return false
            }
        }
    }
}
