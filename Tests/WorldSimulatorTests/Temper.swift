import OpsService

/// What one story is like: who hurries, and what can go wrong in it at all.
///
/// Drawn once for each story, so that stories differ more than their moves alone would make them (swarm testing: Groce, Zhang,
/// Eide, Chen and Regehr, 2012). Where everything may happen at every moment, nothing long ever comes to its end.
struct Temper {
    enum Side: Int, CaseIterable { case injector, undo, repair, people }

    private let disturbances: [Disturbance]
    /// How many of a hundred moves are disturbances.
    private let disturbed: UInt64
    private let waited: UInt64
    /// By side, how many times of eight whoever is drawn gets the turn.
    private let hurry: [UInt64]

    init(_ generator: inout SeededGenerator) {
        let drawn = Disturbance.allCases.filter { _ in generator.next() % 3 == 0 }
        disturbances = drawn.isEmpty ? [.kill] : drawn
        disturbed = [1, 2, 4, 8][Int(generator.next() % 4)]
        waited = [1, 2, 4][Int(generator.next() % 3)]
        hurry = Side.allCases.map { _ in 1 + generator.next() % 4 }
    }

    /// The kind of the next move, with these to choose from.
    func draw(_ actors: [Actor], _ generator: inout SeededGenerator) -> Move.Kind {
        let lot = generator.next() % 100
        if lot < waited { return .wait }
        if lot < waited + disturbed { return .strike(Self.one(of: disturbances, &generator)) }
        while true {
            let actor = Self.one(of: actors, &generator)
            let own = hurry[actor.side.rawValue]
            let hurry = actor.side == .undo ? 2 * own : actor.isInTheMiddle ? 8 : own
            if generator.next() % 8 < hurry { return .step(actor) }
        }
    }

    private static func one<Element>(of all: [Element], _ generator: inout SeededGenerator) -> Element {
        all[Int(generator.next() % UInt64(all.count))]
    }
}

extension Actor {
    /// Whether it has begun something that it will end, and may hold something that others want.
    var isInTheMiddle: Bool {
        switch self {
        case .holder, .undo, .worker, .recovery, .request, .answer: true
        default: false
        }
    }

    fileprivate var side: Temper.Side {
        switch self {
        case .server, .serverWatch, .guardian, .holder, .supervisor: .injector
        case .undo, .kill: .undo
        case .worker, .recovery, .request, .answer, .gateWorker, .ticker: .repair
        case .agent, .person, .pager: .people
        }
    }
}
