import OpsHTTP
import OpsModel

/// Asks a server for its health, or whether it takes our key.
struct HTTPProbe: Sendable {
    let url: String
    var key: String?
    let http: HTTPClient
    /// What a request with a key says of the time.
    var now: @Sendable () -> Timestamp = { .now() }

    func check() async -> ProbeResult {
        let request = HTTPClientRequest(
            url: url,
            headers: key == nil ? [:] : ["Date": HTTPDate.text(now())],
            timeout: .seconds(1),
            key: key,
            retries: 0
        )
        do {
            return ProbeResult(status: try await http.send(request).status)
        } catch {
            return ProbeResult(error)
        }
    }
}
