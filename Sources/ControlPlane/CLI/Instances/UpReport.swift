/// What a start did, in one object with the lab as `status` tells it.
struct UpReport: Encodable {
    var lab: LabReport
    /// Whether a supervisor of the lab answered before.
    var wasUp: Bool
    /// Seconds from the command to a lab that serves.
    var tookS: Double

    enum CodingKeys: String, CodingKey {
        case wasUp = "was_up"
        case tookS = "took_s"
    }

    func encode(to encoder: any Encoder) throws {
        try self.lab.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(self.wasUp, forKey: .wasUp)
        try container.encode(self.tookS, forKey: .tookS)
    }
}
