/// The body of `POST /action/{name}`.
public struct ActionRequest: Codable, Hashable, Sendable {
    /// A signed grant; not needed for a dry run.
    public var grant: String?
    /// Must equal the grant's where both are given.
    public var parameters: [String: JSONValue]
    /// Plan and compare, change nothing.
    public var dryRun: Bool

    /// Puts the parts together as given.
    public init(
        grant: String? = nil,
        parameters: [String: JSONValue] = [:],
        dryRun: Bool = false
    ) {
        self.grant = grant
        self.parameters = parameters
        self.dryRun = dryRun
    }

    private enum CodingKeys: String, CodingKey {
        case grant
        case parameters
        case dryRun = "dry_run"
    }
}

extension ActionRequest {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        grant = try members.decodeIfPresent(String.self, forKey: .grant)
        parameters = try members.decodeIfPresent([String: JSONValue].self, forKey: .parameters) ?? [:]
        dryRun = try members.decodeIfPresent(Bool.self, forKey: .dryRun) ?? false
    }
}
