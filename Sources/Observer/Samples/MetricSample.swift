/// One line of a metrics page.
struct MetricSample: Hashable, Sendable {
    var name: String
    var labels: [String: String]
    var value: Double
}
