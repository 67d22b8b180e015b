/// One metrics page of one instance, by metric name.
struct Scrape: Sendable {
    private let byName: [String: [MetricSample]]

    init(_ samples: [MetricSample]) { byName = Dictionary(grouping: samples, by: \.name) }

    /// All samples of a metric, also of none.
    func all(_ name: String) -> [MetricSample] { byName[name] ?? [] }

    /// The value of a metric that has one sample, or of the sample with these labels.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        all(name).first { sample in labels.allSatisfy { sample.labels[$0] == $1 } }?.value
    }

    /// The label of the sample that is 1, as in `state{state="open"} 1`.
    func word(_ name: String, label: String, _ labels: [String: String] = [:]) -> String? {
        all(name).first { sample in sample.value == 1 && labels.allSatisfy { sample.labels[$0] == $1 } }?.labels[label]
    }
}
