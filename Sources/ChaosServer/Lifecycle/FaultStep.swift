import OpsModel

/// One thing that happened to a fault, as a journal line records it.
///
/// Several processes write lines about one fault into logs of their own, so the meaning of a set of lines does not depend on
/// the order in which they are read.
enum FaultStep: Hashable, Sendable {
    /// What will be changed, and how it is put back, is on disk.
    case intended
    /// The holder with this fence number may apply it.
    case armed(fence: Int)
    /// The effect is in the world.
    case applied
    /// The effect was read back.
    case verified
    /// Customers' journeys were watched: whether one of them felt it.
    case watched(FaultEffect)
    /// Somebody of the target's side ended what the holder held.
    case released
    /// The fence has been raised: no holder with a lower number may apply any more.
    case closing(fence: Int, cause: EndCause)
    /// An undo came to no end yet.
    case attempted(UndoVerdict)
    /// Nothing of ours is left to undo.
    case closed(UndoVerdict)
}
