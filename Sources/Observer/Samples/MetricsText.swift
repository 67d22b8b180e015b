/// Reads the Prometheus text format, only lines whose name begins with an allowed prefix.
///
/// Works on bytes: several instances are read twice a second, and most of their lines are not wanted.
struct MetricsText {
    /// What a name must begin with to be kept.
    let prefix: String
    /// What stands in the place of the prefix in the samples; nil is the prefix itself.
    var known: String?

    /// The samples of a page.
    ///
    /// A line that cannot be read is left out and counted.
    func samples(in text: [UInt8]) -> (samples: [MetricSample], unreadable: Int) {
        var samples: [MetricSample] = []
        var unreadable = 0
        let wanted = Array(prefix.utf8)
        for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: wanted) {
            guard var sample = Self.sample(in: line) else {
                unreadable += 1
                continue
            }
            if let known { sample.name = known + sample.name.dropFirst(prefix.count) }
            samples.append(sample)
        }
        return (samples, unreadable)
    }

    private static func sample(in line: ArraySlice<UInt8>) -> MetricSample? {
        var rest = line
        let name = rest.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: " ") }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == UInt8(ascii: "{") {
            guard let parsed = self.labels(&rest) else { return nil }
            labels = parsed
        }
        let fields = rest.split(separator: UInt8(ascii: " "))
        guard let number = fields.first.flatMap({ Double(String(decoding: $0, as: UTF8.self)) }) else { return nil }
        return MetricSample(name: String(decoding: name, as: UTF8.self), labels: labels, value: number)
    }

    /// `{a="b",c="d"}`; a backslash guards quotes, backslashes and line ends.
    private static func labels(_ rest: inout ArraySlice<UInt8>) -> [String: String]? {
        rest = rest.dropFirst()
        var labels: [String: String] = [:]
        while let first = rest.first, first != UInt8(ascii: "}") {
            if first == UInt8(ascii: ",") { rest = rest.dropFirst() }
            let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "}") }
            rest = rest.dropFirst(key.count)
            if key.isEmpty, rest.first == UInt8(ascii: "}") { break }
            guard rest.starts(with: [UInt8(ascii: "="), UInt8(ascii: "\"")]) else { return nil }
            rest = rest.dropFirst(2)
            guard let value = quoted(&rest) else { return nil }
            labels[String(decoding: key, as: UTF8.self)] = value
        }
        guard !rest.isEmpty else { return nil }
        rest = rest.dropFirst()
        return labels
    }

    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> String? {
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { return nil }
                bytes.append(next == UInt8(ascii: "n") ? UInt8(ascii: "\n") : next)
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
