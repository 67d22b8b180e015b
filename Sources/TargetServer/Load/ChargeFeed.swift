import OpsHTTP
import OpsModel

/// Reads a provider's charges in their order.
struct ChargeFeed: Sendable {
    let url: String
    /// The shop's key as it is when it is needed: it may get another one while this process runs.
    let key: @Sendable () -> String
    let http: HTTPClient

    func after(_ seq: Int) async throws -> [ChargeRecord] {
        let url = "\(url)/charges?after=\(seq)"
        let request = HTTPClientRequest(url: url, timeout: .seconds(2), key: key(), retries: 0)
        let answer = try await http.send(request)
        guard answer.isSuccess else { throw Unanswered(code: String(answer.status)) }
        return try answer.json([ChargeRecord].self)
    }

    func all() async throws -> [ChargeRecord] {
        var all: [ChargeRecord] = []
        while true {
            let more = try await after(all.last?.seq ?? 0)
            all += more
            if more.count < 1_000 { return all }
        }
    }
}
