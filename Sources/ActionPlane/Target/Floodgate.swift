/// A component that can turn part of its requests away for a while, and ends that by itself.
protocol Floodgate: Sendable {
    /// What is turned away now, or was last.
    func look() async throws(ActionError) -> FloodgateState
    /// Turns away from now on; whatever it did before is over.
    func begin(_ order: FloodgateOrder) async throws(ActionError)
    /// Ends what has this id; another one's goes on.
    func end(_ id: String) async throws(ActionError)
}

/// What a component is to turn away.
struct FloodgateOrder: Hashable, Sendable {
    /// Whose it is.
    var id: String
    /// Method and path of each.
    var routes: [String]
    /// The share, 0 to 1.
    var ratio: Double
    var forS: Double
    /// For how long at its end the share falls evenly to nothing.
    var rampS: Double
}

/// What a component turns away.
struct FloodgateState: Hashable, Sendable, Decodable {
    /// Whose the latest order is, also when it is over.
    var id: String?
    /// The share at this moment.
    var share: Double
    /// For how long still.
    var leftS: Double

    enum CodingKeys: String, CodingKey {
        case id, share
        case leftS = "left_s"
    }
}
