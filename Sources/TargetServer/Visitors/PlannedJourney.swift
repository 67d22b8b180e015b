import OpsModel
import OpsSpec

/// A journey of a topology as a customer without any knowledge of the system can play it.
struct PlannedJourney: Sendable {
    private let declared: OpsSpec.Journey
    /// How it is counted.
    let journey: Journey
    /// Its share of the visits.
    var weight: Double { self.declared.traffic }
    var isQuestion: Bool { ["GET", "HEAD"].contains(self.declared.method) }
    var method: String { self.declared.method }
    var status: Set<Int> { Set(self.declared.good.status) }

    init(_ declared: OpsSpec.Journey) {
        self.declared = declared
        self.journey = Journey(
            name: declared.name,
            limit: declared.good.within,
            patience: max(.seconds(2), declared.good.within * 2),
            route: declared.request
        )
    }

    /// Path and query of one visit.
    func target(_ number: Int) -> String { self.declared.path.replacing("{n}", with: "\(number)") }

    /// The body of one visit; nil where nothing is sent.
    func body(_ number: Int) -> JSONValue? {
        guard !self.isQuestion else { return nil }
        return Self.filled(.object(self.declared.send), number)
    }

    /// Whether the answer says what the topology calls good.
    func isRight(_ body: [UInt8]) -> Bool {
        self.declared.good.body.allSatisfy { check in
            let found = JSONScanner.scalar(at: check.path, in: body)
            return check.relation.accepts(found, check.value)
        }
    }

    private static func filled(_ value: JSONValue, _ number: Int) -> JSONValue {
        switch value {
        // A text that is the number alone becomes one.
        case .string("{n}"): .int(number)
        case .string(let text): .string(text.replacing("{n}", with: "\(number)"))
        case .object(let members): .object(members.mapValues { self.filled($0, number) })
        case .array(let items): .array(items.map { self.filled($0, number) })
        default: value
        }
    }
}

extension Condition.Relation {
    /// Whether what was found stands in this relation to what is written in the topology.
    fileprivate func accepts(_ found: String?, _ wanted: String) -> Bool {
        guard let found else { return false }
        guard let a = Double(found), let b = Double(wanted) else {
            return self == .equal ? found == wanted : self == .unequal && found != wanted
        }
        return switch self {
        case .atLeast: a >= b
        case .atMost: a <= b
        case .equal: a == b
        case .unequal: a != b
        case .above: a > b
        case .below: a < b
        }
    }
}
