import OpsModel
import OpsRuntime

/// One fault in its holder's process.
///
/// The holder asks for the plan first, writes nothing itself, and calls `apply` only under the resource's lock with the record
/// armed. A fault never reconnects and never repeats: losing what it held may have been somebody's repair.
protocol Fault: AnyObject {
    static var description: FaultDescription { get }

    init(_ setting: FaultSetting)

    /// What would be changed, computed before anything is touched; throws when the effect or its undo is not possible.
    func plan() throws(ChaosError) -> Blueprint
    /// Brings the effect into the world and reads it back: the intensity achieved.
    func apply() throws(ChaosError) -> Double?
    /// Whether what `apply` did is still there; asked four times a second.
    func look() throws(ChaosError) -> Presence
    /// Brings a condition about again after its target has started anew.
    func reassert() throws(ChaosError)
    /// Lets go of whatever this process holds.
    func release()
}

extension Fault {
    func look() throws(ChaosError) -> Presence { .present }
    func reassert() throws(ChaosError) {}
    func release() {}
}

/// What a fault finds of its own effect.
enum Presence: Hashable, Sendable {
    case present
    /// Somebody ended it: for what is held, that is a repair.
    case released
    /// The target started anew without it: for a condition, time to bring it about again.
    case gone
}

/// What a fault is going to change.
struct Blueprint: Hashable, Sendable {
    var resource: SharedResource
    var effects: [Effect]
    var requested: Double?
}
