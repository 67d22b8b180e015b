/// A way out of an instance that somebody has closed, or made bad in some other way.
struct ClosedWay: Hashable, Sendable {
    /// An IPv4 address.
    var address: String
    var port: Int
    /// Who closed it.
    var token: String
    var impairment = Impairment.closed
}

extension ClosedWay: Codable {
    private enum CodingKeys: String, CodingKey { case address, port, token }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            address: try members.decode(String.self, forKey: .address),
            port: try members.decode(Int.self, forKey: .port),
            token: try members.decode(String.self, forKey: .token),
            impairment: try Impairment(from: decoder)
        )
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(self.address, forKey: .address)
        try members.encode(self.port, forKey: .port)
        try members.encode(self.token, forKey: .token)
        try self.impairment.encode(to: encoder)
    }
}
