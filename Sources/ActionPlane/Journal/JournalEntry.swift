import OpsModel

/// One line of the action journal.
///
/// Every line is on disk before what it announces happens.
enum JournalEntry: Hashable, Sendable {
    /// A service started to write.
    case opened(Opened)
    /// A grant is used up.
    case consumed(Consumption)
    /// The effect may begin.
    case intent(Intent)
    /// A step may begin.
    case begun(BegunStep)
    /// The run is over.
    case ended(EndedRun)

    struct Opened: Hashable, Sendable, Codable {
        var bootID: String
        var at: Timestamp
        /// Set when a person accepted a clock that runs behind an earlier line.
        var confirmsClock: Bool
        /// Grants issued before this moment may have been used and forgotten; nil while nothing ever was.
        var forgetsBefore: Timestamp?

        enum CodingKeys: String, CodingKey {
            case at
            case bootID = "boot_id"
            case confirmsClock = "confirms_clock"
            case forgetsBefore = "forgets_before"
        }
    }

    struct BegunStep: Hashable, Sendable, Codable {
        var run: String
        var index: Int
        var at: Timestamp
    }

    struct EndedRun: Hashable, Sendable, Codable {
        var run: String
        var result: ActionResult
        var at: Timestamp
    }

    /// When the line was written.
    var at: Timestamp {
        switch self {
        case .opened(let line): line.at
        case .consumed(let line): line.at
        case .intent(let line): line.at
        case .begun(let line): line.at
        case .ended(let line): line.at
        }
    }
}

extension JournalEntry: Codable {
    private enum Kind: String, Codable {
        case opened, consumed, intent, begun, ended
    }

    private enum CodingKeys: String, CodingKey {
        case kind, line
    }

    init(from decoder: any Decoder) throws {
        let entry = try decoder.container(keyedBy: CodingKeys.self)
        self =
            switch try entry.decode(Kind.self, forKey: .kind) {
            case .opened: .opened(try entry.decode(Opened.self, forKey: .line))
            case .consumed: .consumed(try entry.decode(Consumption.self, forKey: .line))
            case .intent: .intent(try entry.decode(Intent.self, forKey: .line))
            case .begun: .begun(try entry.decode(BegunStep.self, forKey: .line))
            case .ended: .ended(try entry.decode(EndedRun.self, forKey: .line))
            }
    }

    func encode(to encoder: any Encoder) throws {
        var entry = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .opened(let line):
            try entry.encode(Kind.opened, forKey: .kind)
            try entry.encode(line, forKey: .line)
        case .consumed(let line):
            try entry.encode(Kind.consumed, forKey: .kind)
            try entry.encode(line, forKey: .line)
        case .intent(let line):
            try entry.encode(Kind.intent, forKey: .kind)
            try entry.encode(line, forKey: .line)
        case .begun(let line):
            try entry.encode(Kind.begun, forKey: .kind)
            try entry.encode(line, forKey: .line)
        case .ended(let line):
            try entry.encode(Kind.ended, forKey: .kind)
            try entry.encode(line, forKey: .line)
        }
    }
}
