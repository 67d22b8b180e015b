/// How a way is bad for as long as somebody asks for it.
///
/// In JSON it is members of whatever has it: none for a way that is closed, `share`, `delay_ms` and `jitter_ms`, `kib` or `reset`. A
/// kernel's rules know the first two, and their program has always been asked with these members.
enum Impairment: Hashable, Sendable {
    /// Nothing gets through.
    case closed
    /// So many packets of a hundred are lost.
    case loss(percent: Int)
    /// What is sent comes so many milliseconds later, more or less by up to `jitter`; answers come as ever.
    case delay(ms: Int, jitter: Int)
    /// Each connection carries so many KiB a second in each direction.
    case rate(kib: Int)
    /// So many of a hundred things that are sent end their connection with a reset.
    case reset(percent: Int)

    static let losses = 1...99
    static let delays = 1...10_000
    static let jitters = 0...5_000
    static let rates = 1...10_240
    static let resets = 1...100

    /// What a refusal says where a way can only be closed or lossy.
    static let proxyHint =
        "`opslab up --proxied` makes a lab with a proxy in its ways; elsewhere net-block and net-loss close a way or lose packets on it"

    /// Whether packets that are dropped do not make it.
    var needsProxy: Bool {
        switch self {
        case .closed, .loss: false
        case .delay, .rate, .reset: true
        }
    }

    /// How many packets of a hundred are lost, where that is all; nil for everything else.
    var lostPercent: Int? { if case .loss(let percent) = self { percent } else { nil } }

    /// Why it cannot be done; nil when it can.
    var problem: String? {
        switch self {
        case .closed: nil
        case .loss(let percent): Self.problem("share", percent, Self.losses)
        case .delay(let ms, let jitter):
            Self.problem("delay_ms", ms, Self.delays) ?? Self.problem("jitter_ms", jitter, Self.jitters)
        case .rate(let kib): Self.problem("kib", kib, Self.rates)
        case .reset(let percent): Self.problem("reset", percent, Self.resets)
        }
    }

    private static func problem(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
        range.contains(value)
            ? nil : "\(name): expected a whole number from \(range.lowerBound) to \(range.upperBound)"
    }
}

extension Impairment: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case share
        case delay = "delay_ms"
        case jitter = "jitter_ms"
        case kib, reset
    }

    /// - Throws: for members of two kinds: a way is bad in one respect at a time.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        func number(_ key: CodingKeys) throws -> Int? { try members.decodeIfPresent(Int.self, forKey: key) }
        let jitter = try number(.jitter)
        let kinds: [Impairment] = [
            try number(.share).map { .loss(percent: $0) },
            try number(.delay).map { .delay(ms: $0, jitter: jitter ?? 0) },
            try number(.kib).map { .rate(kib: $0) }, try number(.reset).map { .reset(percent: $0) },
        ].compactMap(\.self)
        guard kinds.count <= 1, jitter == nil || members.contains(.delay) else {
            throw DecodingError.dataCorruptedError(
                forKey: .share,
                in: members,
                debugDescription: "one of them at a time"
            )
        }
        self = kinds.first ?? .closed
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .closed: break
        case .loss(let percent): try members.encode(percent, forKey: .share)
        case .delay(let ms, let jitter):
            try members.encode(ms, forKey: .delay)
            try members.encode(jitter, forKey: .jitter)
        case .rate(let kib): try members.encode(kib, forKey: .kib)
        case .reset(let percent): try members.encode(percent, forKey: .reset)
        }
    }
}
