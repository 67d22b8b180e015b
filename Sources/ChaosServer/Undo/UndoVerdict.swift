import OpsModel

/// How the undo of a whole fault ended: as its worst effect did.
enum UndoVerdict: String, Codable, CaseIterable, Hashable, Comparable, Sendable {
    case reverted
    case superseded
    case pending
    case failed

    /// The verdict over all effects; a fault without effects is clean.
    init(of outcomes: some Sequence<EffectOutcome>) {
        self = outcomes.map(Self.single).max() ?? .reverted
    }

    /// Whether nothing is left to do.
    var isFinal: Bool { self == .reverted || self == .superseded }

    /// The state of the fault in the words of the wire.
    var state: FaultState {
        switch self {
        case .reverted: .reverted
        case .superseded: .superseded
        case .pending: .pending
        case .failed: .failed
        }
    }

    static func < (left: UndoVerdict, right: UndoVerdict) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    private static func single(_ outcome: EffectOutcome) -> UndoVerdict {
        switch outcome {
        case .reverted, .alreadyClean: .reverted
        case .superseded: .superseded
        case .pending: .pending
        case .failed: .failed
        }
    }
}
