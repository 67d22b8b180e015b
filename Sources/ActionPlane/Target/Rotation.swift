/// Which instances a component in front of them sends requests to, and the way to change that.
protocol Rotation: Sendable {
    /// By instance, whether it gets requests and answers them.
    func places() async throws(ActionError) -> [String: RotationPlace]
    /// Sends an instance no more requests, or again; doing so twice is no error.
    func set(_ instance: String, isDraining: Bool) async throws(ActionError)
}

/// How the component in front treats one instance.
enum RotationPlace: String, Hashable, Sendable {
    /// It gets its share.
    case healthy
    /// It failed lately and gets less than its share.
    case suspect
    /// It gets nothing, because somebody asked for that.
    case draining
}
