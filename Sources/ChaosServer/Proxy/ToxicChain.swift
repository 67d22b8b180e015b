import Glibc
import OpsService

/// What the toxics of one direction make of one connection's bytes: pieces, each with the moment at which it may go on.
///
/// Pure but for chance, which a seed decides. Pieces keep their order: nothing overtakes what came before it.
struct ToxicChain {
    struct Piece: Equatable {
        enum Content: Equatable {
            case bytes(ArraySlice<UInt8>)
            /// The sender has finished.
            case end
            /// The connection ends here.
            case cut
            /// It is reset here.
            case reset
        }

        var due: UInt64
        var content: Content
    }

    /// A toxic, and what it remembers of this connection.
    private struct Stage {
        var toxic: Toxic
        var chance: SeededGenerator
        /// When a bandwidth has carried all it was given.
        var free: UInt64 = 0
        /// What a limit let through.
        var passed = 0.0
    }

    /// A segment that is lost is sent again after this time, and after twice as long each time it is lost once more.
    private static let resending = 200_000_000.0
    private static let mostResendings = 6
    /// A bandwidth hands on this often.
    private static let slicesPerSecond = 50.0

    private var stages: [Stage] = []
    private var last: UInt64 = 0
    private let chance: SeededGenerator

    init(chance: SeededGenerator) { self.chance = chance }

    /// Whether bytes go straight through.
    var isClear: Bool { self.stages.isEmpty }

    /// How much may wait in here before the sender is made to wait: a line that is slow holds little, one that is long much.
    var room: Int {
        if self.stages.contains(where: { $0.toxic.effect == .hold }) { return 0 }
        let isNarrow = self.stages.contains { if case .bandwidth = $0.toxic.effect { true } else { false } }
        return isNarrow ? 128 << 10 : 8 << 20
    }

    /// Takes over a new list of toxics; what stays as it was remembers what it knew.
    ///
    /// - Parameter toxics: Those of this direction that this connection has drawn.
    mutating func adopt(_ toxics: [Toxic]) {
        let before = Dictionary(self.stages.map { ($0.toxic.name, $0) }) { first, _ in first }
        self.stages = toxics.map { toxic in
            if let known = before[toxic.name], known.toxic.revision == toxic.revision { return known }
            return Stage(toxic: toxic, chance: self.chance.fork("\(toxic.name) \(toxic.revision)"))
        }
    }

    /// Whether one of its toxics is not among these any more.
    func loses(by toxics: [Toxic]) -> Bool {
        self.stages.contains { stage in !toxics.contains { $0.name == stage.toxic.name } }
    }

    /// What comes from now on waits for nothing that came before.
    mutating func forgetWhatWaits(at now: UInt64) { self.last = min(self.last, now) }

    /// What becomes of bytes that came now.
    mutating func pass(_ bytes: ArraySlice<UInt8>, at now: UInt64) -> [Piece] {
        var pieces = [Piece(due: now, content: .bytes(bytes))]
        for index in self.stages.indices { pieces = Self.carry(pieces, through: &self.stages[index]) }
        return self.inOrder(pieces)
    }

    /// What becomes of the sender's end.
    mutating func end(at now: UInt64) -> [Piece] {
        var due = max(now, self.last)
        for stage in self.stages {
            switch stage.toxic.effect {
            case .slowClose(let delay): due += Self.nanoseconds(delay)
            case .timeout, .resetPeer: return []  // they end it themselves
            default: break
            }
        }
        return self.inOrder([Piece(due: due, content: .end)])
    }

    private mutating func inOrder(_ pieces: [Piece]) -> [Piece] {
        pieces.map { piece in
            self.last = max(self.last, piece.due)
            return Piece(due: self.last, content: piece.content)
        }
    }

    private static func carry(_ pieces: [Piece], through stage: inout Stage) -> [Piece] {
        pieces.flatMap { piece -> [Piece] in
            guard case .bytes(let bytes) = piece.content else { return [piece] }
            return self.carry(bytes, piece.due, through: &stage)
        }
    }

    private static func carry(_ bytes: ArraySlice<UInt8>, _ due: UInt64, through stage: inout Stage) -> [Piece] {
        switch stage.toxic.effect {
        case .latency(let delay, let jitter, let spread):
            let extra = jitter == 0 ? 0 : jitter * self.deviation(spread, &stage.chance)
            return [Piece(due: due + self.nanoseconds(max(0, delay + extra)), content: .bytes(bytes))]
        case .loss(let share):
            return [Piece(due: due + UInt64(self.stall(share, &stage.chance)), content: .bytes(bytes))]
        case .reset(let share):
            let isHit = Double.random(in: 0..<1, using: &stage.chance) < share
            return [Piece(due: due, content: isHit ? .reset : .bytes(bytes))]
        case .bandwidth(let rate): return self.meter(bytes, due, rate * 1_000, &stage)
        case .slicer(let average, let variation, let delay):
            return self.slice(bytes, due, average, variation, delay, &stage.chance)
        case .limitData(let limit):
            let left = max(0, limit - stage.passed)
            stage.passed += Double(bytes.count)
            guard Double(bytes.count) >= left else { return [Piece(due: due, content: .bytes(bytes))] }
            let allowed = bytes.prefix(Int(left))
            return (allowed.isEmpty ? [] : [Piece(due: due, content: .bytes(allowed))]) + [
                Piece(due: due, content: .cut)
            ]
        case .timeout, .resetPeer: return []
        case .slowClose, .hold, .http: return [Piece(due: due, content: .bytes(bytes))]
        }
    }

    private static func meter(
        _ bytes: ArraySlice<UInt8>,
        _ due: UInt64,
        _ bytesPerSecond: Double,
        _ stage: inout Stage
    ) -> [Piece] {
        guard bytesPerSecond > 0 else { return [] }
        let size = max(1, Int(bytesPerSecond / self.slicesPerSecond))
        return self.split(bytes) { _ in size }.map { slice in
            let start = max(due, stage.free)
            stage.free = start + UInt64(Double(slice.count) / bytesPerSecond * 1e9)
            return Piece(due: stage.free, content: .bytes(slice))
        }
    }

    private static func slice(
        _ bytes: ArraySlice<UInt8>,
        _ due: UInt64,
        _ average: Double,
        _ variation: Double,
        _ delay: Double,
        _ chance: inout SeededGenerator
    ) -> [Piece] {
        var due = due
        return self.split(bytes) { _ in
            max(1, Int((average + Double.random(in: -1...1, using: &chance) * variation).rounded()))
        }.map { slice in
            defer { due += UInt64(delay * 1_000) }
            return Piece(due: due, content: .bytes(slice))
        }
    }

    private static func split(_ bytes: ArraySlice<UInt8>, _ size: (Int) -> Int) -> [ArraySlice<UInt8>] {
        var rest = bytes
        var slices: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let slice = rest.prefix(size(rest.count))
            slices.append(slice)
            rest = rest.dropFirst(slice.count)
        }
        return slices
    }

    /// How long what was lost, perhaps again and again, comes late; nanoseconds.
    private static func stall(_ share: Double, _ chance: inout SeededGenerator) -> Double {
        var (delay, wait) = (0.0, self.resending)
        for _ in 0..<self.mostResendings {
            guard Double.random(in: 0..<1, using: &chance) < share else { break }
            delay += wait
            wait *= 2
        }
        return delay
    }

    private static func deviation(_ spread: ToxicEffect.Spread, _ chance: inout SeededGenerator) -> Double {
        switch spread {
        case .uniform: return Double.random(in: -1...1, using: &chance)
        case .normal:
            // Box and Muller 1958.
            let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &chance))).squareRoot()
            return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &chance))
        case .pareto: return pow(1 - Double.random(in: 0..<1, using: &chance), -1 / 3) - 1.5
        }
    }

    private static func nanoseconds(_ milliseconds: Double) -> UInt64 { UInt64(milliseconds * 1e6) }
}
