/// How much of what is to be seen has nothing to do with the cause, whatever the seed.
public enum Difficulty: String, Codable, Hashable, Sendable, CaseIterable {
    /// No decoy.
    case plain
    /// One decoy, which points at nothing.
    case noisy
    /// A decoy that points at another cause, or two at once.
    case adversarial

    /// Whether every world that can be drawn is as hard as this word says.
    ///
    /// - Parameter decoys: For each decoy of the file what it can come out as.
    /// - Returns: False as soon as one world would be easier or harder.
    func fits(_ decoys: [[DecoyKind]]) -> Bool {
        let certain = decoys.count { !$0.isEmpty && !$0.contains(.none) }
        let possible = decoys.count { $0.contains { $0 != .none } }
        let misleads = decoys.contains { !$0.isEmpty && $0.allSatisfy(\.isMisleading) }
        let canMislead = decoys.joined().contains(where: \.isMisleading)
        return switch self {
        case .plain: possible == 0
        case .noisy: certain == 1 && possible == 1 && !canMislead
        case .adversarial: misleads || certain >= 2
        }
    }

    /// What a file has to do to be of this difficulty.
    var demand: String {
        switch self {
        case .plain: "no decoy but 'none'"
        case .noisy: "one decoy, never 'none', of those that point at nothing: \(Self.names { !$0 })"
        case .adversarial: "a decoy that always points elsewhere (\(Self.names { $0 })), or two that are never 'none'"
        }
    }

    private static func names(where isWanted: (Bool) -> Bool) -> String {
        DecoyKind.allCases.filter { $0 != .none && isWanted($0.isMisleading) }.map(\.rawValue).joined(separator: ", ")
    }
}
