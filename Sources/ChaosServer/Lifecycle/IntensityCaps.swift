/// How far faults may go here: the topology's `chaos.caps`, checked against the catalogue.
struct IntensityCaps: Hashable, Sendable {
    private let caps: [FaultKind: [String: Double]]

    static let none = IntensityCaps(checked: [:])

    private init(checked: [FaultKind: [String: Double]]) { self.caps = checked }

    /// - Throws: one error that lists every cap that could not be kept.
    init(_ given: [String: [String: Double]]) throws(ChaosError) {
        var caps: [FaultKind: [String: Double]] = [:]
        var problems: [String] = []
        for (fault, parameters) in given.sorted(by: { $0.key < $1.key }) {
            guard let kind = FaultKind(rawValue: fault) else {
                problems.append("\(fault): no such fault")
                continue
            }
            let known = FaultCatalog.description(of: kind).parameters
            for (name, most) in parameters.sorted(by: { $0.key < $1.key }) {
                if let problem = Self.problem(name, most, known) { problems.append("\(fault).\(problem)") }
            }
            caps[kind] = parameters
        }
        guard problems.isEmpty else {
            throw ChaosError(
                .badParameter,
                "the topology's chaos.caps: \(problems.joined(separator: "; "))",
                hint: "GET /catalog, or `opslab faults --catalog`, has names and limits"
            )
        }
        self.caps = caps
    }

    /// Why a request goes too far; defaults count like what was given.
    func refusal(_ kind: FaultKind, _ parameters: Parameters) -> ChaosError? {
        for (name, most) in (self.caps[kind] ?? [:]).sorted(by: { $0.key < $1.key })
        where parameters.number(name) > most {
            return ChaosError(
                .overCap,
                "\(name) is \(parameters.number(name)), and \(kind.rawValue) may have \(most) at most here",
                hint: "the topology's chaos.caps says so; give \(name) a value up to \(most)"
            )
        }
        return nil
    }

    private static func problem(_ name: String, _ most: Double, _ known: [Parameter]) -> String? {
        guard let parameter = known.first(where: { $0.name == name }) else { return "\(name): no such parameter" }
        guard case .number(let range) = parameter.kind else { return "\(name): not a number" }
        guard range.contains(most) else {
            return "\(name): outside \(range.lowerBound) to \(range.upperBound)"
        }
        return nil
    }
}
