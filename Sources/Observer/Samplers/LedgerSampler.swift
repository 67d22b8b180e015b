internal import OpsHTTP
internal import OpsModel
internal import OpsService

/// Asks the customers whether what they ordered lately was charged as they ordered it; single purchases are not shown.
struct LedgerSampler: Sendable {
    let url: String
    let key: String?
    let http: HTTPClient
    let store: WorldStore
    let metrics: ObserverMetrics

    func sample(_ tick: Tick) async {
        do {
            let request = HTTPClientRequest(
                url: "\(url)/ledger/agreement",
                timeout: .milliseconds(900),
                key: key,
                retries: 0
            )
            let response = try await http.send(request)
            guard response.isSuccess else { return metrics.failures.add(1, ["ledger"]) }
            let agreement = try response.json(LedgerAgreement.self)
            store.update { $0.ledger = Sampled(value: agreement, at: tick.at, isStarved: tick.isStarved) }
        } catch {
            metrics.failures.add(1, ["ledger"])
        }
    }
}
