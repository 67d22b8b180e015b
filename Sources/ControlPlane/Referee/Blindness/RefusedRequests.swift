/// How often a service refused somebody who had no key for what was asked, by the service's own count.
///
/// Who belongs to the lab has its keys: a refusal during a run is somebody trying doors.
struct RefusedRequests: Hashable, Sendable {
    /// Refusals so far, by the name of the service.
    var counts: [String: Int] = [:]

    private static let counter = "opslab_http_requests_total{"

    /// Adds up the refusals in a service's metrics, in the text format of Prometheus.
    mutating func count(_ metrics: String, of service: String, statuses: [Int]) {
        let words = statuses.map { "status=\"\($0)\"" }
        counts[service] = metrics.split(separator: "\n").reduce(0) { sum, line in
            guard line.hasPrefix(Self.counter), words.contains(where: line.contains) else { return sum }
            return sum + (line.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) } ?? 0)
        }
    }

    /// Services at which there have been more since, with how many; a service that was started anew counts from zero.
    func since(_ before: RefusedRequests) -> [String] {
        counts.sorted { $0.key < $1.key }.compactMap { service, count in
            let earlier = before.counts[service] ?? 0
            let more = count >= earlier ? count - earlier : count
            return more > 0 ? "\(service) refused \(more) requests" : nil
        }
    }
}
