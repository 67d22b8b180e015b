import OpsModel

/// How a run ended.
///
/// There is no fourth way, and a person takes over after the third.
enum Outcome: Hashable, Sendable {
    /// The effect is in the world, read back.
    case done(isRecovered: Bool)
    /// The world is as before; a new grant is needed to try again.
    case notDone(isCompensated: Bool)
    /// Neither before nor after; nothing more is touched.
    case unknown

    var state: ActionState {
        switch self {
        case .done: .done
        case .notDone(let isCompensated): isCompensated ? .compensated : .notDone
        case .unknown: .unknown
        }
    }
}
