/// A process that another one watches.
enum Peer: Hashable, Sendable {
    case server
    case guardian
    case holder(String)

    /// The fault that it holds, if it holds one.
    var fault: String? {
        if case .holder(let fault) = self { return fault }
        return nil
    }
}
