/// One thing that the scheduler lets happen.
///
/// It has chance of its own, so that a story goes on in the same way when other moves are left out of it.
struct Move: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case step(Actor)
        case wait
        case strike(Disturbance)
    }

    var kind: Kind
    var seed: UInt64
}

/// Who can be given the next step.
enum Actor: Hashable, Sendable {
    case server, serverWatch, guardian
    case holder(Int)
    case undo(Int)
    case kill(Int)
    case worker(Int)
    case recovery
    case request(Int)
    case answer(Int)
    case gateWorker, ticker, agent, person, pager
    case supervisor
}

/// What comes from outside.
enum Disturbance: String, CaseIterable, Hashable, Sendable {
    case kill, stop, goOn, reboot
    case diskFull, diskFree, lineFails
    case targetAway, targetBack, targetForgets, databaseAway, databaseBack
    case clockForward, clockBack, sleep
    case outsiderLocks, outsiderLeaves
    case killSwitch, resume, shellRevert
    case duplicate, lose, copy
}
