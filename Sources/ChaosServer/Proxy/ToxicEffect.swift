import OpsModel

/// What a toxic does; types, attributes and units are those of toxiproxy 2, and five more.
enum ToxicEffect: Hashable, Sendable {
    /// How jitter spreads around the delay.
    enum Spread: String, Hashable, Sendable, CaseIterable {
        /// Evenly from -jitter to +jitter, as toxiproxy does.
        case uniform
        /// With jitter as the standard deviation.
        case normal
        /// Rarely and far: jitter times a Pareto variable of shape 3, less its mean.
        case pareto
    }

    /// Every piece comes later; milliseconds.
    case latency(Double, jitter: Double, Spread)
    /// Kilobytes a second.
    case bandwidth(Double)
    /// The end of the connection comes later; milliseconds.
    case slowClose(Double)
    /// Nothing gets through, and the connection ends after so many milliseconds; never when 0.
    case timeout(Double)
    /// The connection is reset after so many milliseconds.
    case resetPeer(Double)
    /// Pieces of about so many bytes, microseconds apart.
    case slicer(average: Double, variation: Double, delay: Double)
    /// The connection ends after so many bytes.
    case limitData(Double)
    /// A share of the pieces comes as late as what was lost and sent again; not of toxiproxy.
    case loss(Double)
    /// A share of the pieces is never handed on, and resets its connection; not of toxiproxy.
    case reset(Double)
    /// Nothing is taken from the sender while it is there, and nothing is lost by it: a line that is cut; not of toxiproxy.
    case hold
    /// A share of the requests is answered wrongly; not of toxiproxy.
    case http(HTTPFault)

    /// What an attribute may be.
    private struct Form {
        var name: String
        var fallback: Double
        var range: ClosedRange<Double>
    }

    private static let hour = 0...3_600_000.0
    private static let forms: [String: [Form]] = [
        "latency": [
            Form(name: "latency", fallback: 0, range: hour), Form(name: "jitter", fallback: 0, range: hour),
        ],
        "bandwidth": [Form(name: "rate", fallback: 0, range: 0...1e9)],
        "slow_close": [Form(name: "delay", fallback: 0, range: hour)],
        "timeout": [Form(name: "timeout", fallback: 0, range: hour)],
        "reset_peer": [Form(name: "timeout", fallback: 0, range: hour)],
        "slicer": [
            Form(name: "average_size", fallback: 64, range: 1...1e9),
            Form(name: "size_variation", fallback: 0, range: 0...1e9), Form(name: "delay", fallback: 0, range: 0...1e9),
        ],
        "limit_data": [Form(name: "bytes", fallback: 0, range: 0...1e15)],
        "loss": [Form(name: "share", fallback: 0, range: 0...1)],
        "reset": [Form(name: "share", fallback: 0, range: 0...1)], "hold": [],
    ]

    /// The types by name.
    static let types: [String] = (forms.keys + HTTPFault.types).sorted()

    /// - Throws: `bad_parameter` that lists everything wrong with the attributes.
    init(type: String, attributes: [String: JSONValue]) throws(ChaosError) {
        if HTTPFault.types.contains(type) {
            self = .http(try HTTPFault(type: type, attributes: attributes))
            return
        }
        guard let forms = Self.forms[type] else {
            throw ChaosError(.badParameter, "invalid toxic type", hint: "one of \(Self.types.joined(separator: ", "))")
        }
        var numbers: [String: Double] = [:]
        var problems: [String] = []
        for form in forms {
            let given = attributes[form.name]
            let number = given.map { $0.doubleValue ?? .nan } ?? form.fallback
            if !form.range.contains(number) {
                problems.append(
                    "\(form.name): expected a number from \(form.range.lowerBound) to \(form.range.upperBound)"
                )
            }
            numbers[form.name] = number
        }
        var spread = Spread.uniform
        if type == "latency", let given = attributes["distribution"] {
            if let known = given.stringValue.flatMap(Spread.init) {
                spread = known
            } else {
                problems.append("distribution: one of \(Spread.allCases.map(\.rawValue).joined(separator: ", "))")
            }
        }
        let known = Set(forms.map(\.name) + (type == "latency" ? ["distribution"] : []))
        problems += attributes.keys.filter { !known.contains($0) }.sorted().map {
            "\($0): unknown attribute of \(type)"
        }
        guard problems.isEmpty else { throw ChaosError(.badParameter, problems.joined(separator: "; ")) }
        func number(_ name: String) -> Double { numbers[name] ?? 0 }
        switch type {
        case "latency": self = .latency(number("latency"), jitter: number("jitter"), spread)
        case "bandwidth": self = .bandwidth(number("rate"))
        case "slow_close": self = .slowClose(number("delay"))
        case "timeout": self = .timeout(number("timeout"))
        case "reset_peer": self = .resetPeer(number("timeout"))
        case "slicer":
            self = .slicer(
                average: number("average_size"),
                variation: min(number("size_variation"), number("average_size") - 1),
                delay: number("delay")
            )
        case "limit_data": self = .limitData(number("bytes"))
        case "hold": self = .hold
        case "reset": self = .reset(number("share"))
        default: self = .loss(number("share"))
        }
    }

    /// Drawn for each request and not for each connection.
    var isOfRequests: Bool { if case .http = self { true } else { false } }

    var type: String {
        switch self {
        case .latency: "latency"
        case .bandwidth: "bandwidth"
        case .slowClose: "slow_close"
        case .timeout: "timeout"
        case .resetPeer: "reset_peer"
        case .slicer: "slicer"
        case .limitData: "limit_data"
        case .loss: "loss"
        case .reset: "reset"
        case .hold: "hold"
        case .http(let fault): fault.type
        }
    }

    /// All attributes with their values.
    var attributes: [String: JSONValue] {
        func value(_ number: Double) -> JSONValue { Int(exactly: number).map { .int($0) } ?? .double(number) }
        return switch self {
        case .latency(let delay, let jitter, .uniform): ["latency": value(delay), "jitter": value(jitter)]
        case .latency(let delay, let jitter, let spread):
            ["latency": value(delay), "jitter": value(jitter), "distribution": .string(spread.rawValue)]
        case .bandwidth(let rate): ["rate": value(rate)]
        case .slowClose(let delay): ["delay": value(delay)]
        case .timeout(let time), .resetPeer(let time): ["timeout": value(time)]
        case .slicer(let average, let variation, let delay):
            ["average_size": value(average), "size_variation": value(variation), "delay": value(delay)]
        case .limitData(let bytes): ["bytes": value(bytes)]
        case .loss(let share), .reset(let share): ["share": value(share)]
        case .hold: [:]
        case .http(let fault): fault.attributes
        }
    }
}
