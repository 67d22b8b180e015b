/// Something that a process can be put under for a while: what its defects would do to it.
///
/// It lasts for as long as the connection that asked for it, and no longer than `seconds` without being asked for again. A relief
/// lasts for its seconds.
struct Strain: Codable, Hashable, Sendable {
    enum Kind: String, Codable, CaseIterable, Sendable {
        /// Each request waits so many milliseconds before it is looked at.
        case delay
        /// So many connections to the database are lent, each in a transaction, and not given back.
        case connections
        /// So many workers are taken and do nothing.
        case workers
        /// So many mebibytes are taken, written to and kept; less where the process's limit leaves less.
        case memory
        /// So many descriptors are opened and not closed; fewer where the process's limit leaves fewer.
        case descriptors
        /// The process takes the time to be so many seconds later than it is.
        case clock
        /// So many charges of a hundred are made with another amount than was asked for.
        case wrongAmounts = "wrong-amounts"
        /// At first so many customers' requests of a hundred are turned away, then less and less: no defect, but what helps after one.
        case relief

        /// Whether it is in force as soon as it is asked for, and nothing has to be taken for it.
        var isImmediate: Bool { self == .delay || self == .clock || self == .wrongAmounts || self == .relief }

        /// Whether it ends with the connection that asked for it.
        ///
        /// A relief has its own end, however its asker fares.
        var endsWithItsAsker: Bool { self != .relief }

        /// The longest time that can be asked for at once.
        var longestS: Double { self == .relief ? 30 : 10 }

        /// What can be asked for.
        var amounts: ClosedRange<Int> {
            switch self {
            case .delay: 1...30_000
            case .connections, .workers, .descriptors: 1...1_000
            case .memory: 1...256
            case .clock: 1...86_400
            case .wrongAmounts: 1...100
            case .relief: 1...95
            }
        }
    }

    var token: String
    var kind: Kind
    var amount: Int
    var seconds: Double

    /// Why it cannot be taken on; nil when it can.
    var problem: String? {
        guard !self.token.isEmpty, self.token.utf8.count <= 64, self.token.allSatisfy(Self.isPlain) else {
            return "token: expected at most 64 letters, digits and -"
        }
        guard self.kind.amounts.contains(self.amount) else {
            return "amount: expected \(self.kind.amounts.lowerBound) to \(self.kind.amounts.upperBound)"
        }
        guard self.seconds >= 0.5, self.seconds <= self.kind.longestS else {
            return "seconds: expected a number from 0.5 to \(self.kind.longestS)"
        }
        return nil
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "-")
    }
}

/// What is said at the door: all members may be missing, and then it is only a question.
struct StrainRequest: Codable, Hashable, Sendable {
    var set: Strain?
    /// A token whose strain ends.
    var end: String?
}

/// What the door says back.
struct StrainAnswer: Codable, Hashable, Sendable {
    /// One strain that is on.
    struct Entry: Codable, Hashable, Sendable {
        var token: String
        var kind: Strain.Kind
        var amount: Int
        /// How much of it has come about.
        var reached: Int
    }

    var held: [Entry] = []
    /// How much of each kind is in force, whoever asked for it; it falls to nothing some time after the last was ended.
    var reached: [String: Int] = [:]
    var error: String?
}
