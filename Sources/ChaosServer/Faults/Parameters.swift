import OpsModel

/// The values of one request, complete with defaults and within their limits.
struct Parameters: Hashable, Sendable {
    private let values: [String: JSONValue]

    /// - Throws: one error that lists everything wrong with the request, unknown names included.
    init(_ given: [String: JSONValue], of description: FaultDescription) throws(ChaosError) {
        let known = Dictionary(description.parameters.map { ($0.name, $0) }) { first, _ in first }
        var problems = given.keys.filter { known[$0] == nil }.sorted().map { "\($0): unknown parameter" }
        problems += given.sorted { $0.key < $1.key }.compactMap { known[$0.key]?.problem(with: $0.value) }
        guard problems.isEmpty else {
            let names = known.keys.sorted().joined(separator: ", ")
            throw ChaosError(
                .badParameter,
                problems.joined(separator: "; "),
                hint: names.isEmpty ? "this fault has no parameters" : "its parameters are \(names); see GET /catalog"
            )
        }
        self.values = known.mapValues { given[$0.name] ?? $0.fallback }
    }

    func text(_ name: String) -> String { self.values[name]?.stringValue ?? "" }
    func flag(_ name: String) -> Bool { self.values[name]?.boolValue ?? false }
    func whole(_ name: String) -> Int { Int(self.number(name).rounded()) }
    func number(_ name: String) -> Double { self.values[name]?.doubleValue ?? 0 }
}
