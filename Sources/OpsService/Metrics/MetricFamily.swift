/// What all samples of one metric share.
package struct MetricDescription: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    package let name: String
    package let help: String
    package let kind: Kind
    package let labels: [String]

    package var header: String {
        let text = self.help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return "# HELP \(self.name) \(text)\n# TYPE \(self.name) \(self.kind.rawValue)\n"
    }

    /// As many values as there are labels: missing ones are empty, surplus ones are dropped.
    package func fitted(_ values: [String]) -> [String] {
        Array((values + Array(repeating: "", count: self.labels.count)).prefix(self.labels.count))
    }

    package func sample(
        _ values: [String],
        _ value: Double,
        suffix: String = "",
        extra: (String, String)? = nil
    ) -> String {
        let pairs = Array(zip(self.labels, self.fitted(values))) + (extra.map { [$0] } ?? [])
        let text = pairs.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        return "\(self.name)\(suffix)\(text.isEmpty ? "" : "{\(text)}") \(Self.number(value))\n"
    }

    package static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// A metric with all its label combinations.
package protocol MetricFamily: Sendable {
    var description: MetricDescription { get }
    func samples() -> String
}
