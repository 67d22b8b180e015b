/// One question about the running system, in the closed vocabulary of reads.
public struct ReadQuery: Codable, Hashable, Sendable {
    /// The name from the vocabulary, for example `pg.blockers`.
    public var read: String
    /// The component asked about; nil where the read is about the whole system.
    public var component: String?
    /// One instance of the component; nil for all of them.
    public var instance: String?
    /// Words that narrow the answer, in the order written: an owner, a state, a caller, a route.
    public var selector: [String]
    /// Named arguments, for example `q` of `runbook.search`.
    public var parameters: [String: JSONValue]

    /// Puts the parts together as given.
    public init(
        read: String,
        component: String? = nil,
        instance: String? = nil,
        selector: [String] = [],
        parameters: [String: JSONValue] = [:]
    ) {
        self.read = read
        self.component = component
        self.instance = instance
        self.selector = selector
        self.parameters = parameters
    }
}

extension ReadQuery {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        read = try members.decode(String.self, forKey: .read)
        component = try members.decodeIfPresent(String.self, forKey: .component)
        instance = try members.decodeIfPresent(String.self, forKey: .instance)
        selector = try members.decodeIfPresent([String].self, forKey: .selector) ?? []
        parameters = try members.decodeIfPresent([String: JSONValue].self, forKey: .parameters) ?? [:]
    }
}
