/// One runbook that a search found.
public struct RunbookHit: Codable, Hashable, Sendable {
    /// The runbook's own name.
    public var id: String
    /// Its title.
    public var title: String
    /// The file below the runbook folder's parent, for example `runbooks/disk-full.md`.
    public var path: String
    /// BM25 score; only its order means anything.
    public var score: Double
    /// The first line of the best matching part.
    public var firstLine: Int
    /// The last line of it.
    public var lastLine: Int
    /// Whether nobody has reviewed it for a year.
    public var isStale: Bool

    /// Puts the parts together as given.
    public init(
        id: String,
        title: String,
        path: String,
        score: Double,
        firstLine: Int,
        lastLine: Int,
        isStale: Bool = false
    ) {
        self.id = id
        self.title = title
        self.path = path
        self.score = score
        self.firstLine = firstLine
        self.lastLine = lastLine
        self.isStale = isStale
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case title
        case path
        case score
        case firstLine = "first_line"
        case lastLine = "last_line"
        case isStale = "is_stale"
    }
}

extension RunbookHit {
    /// Reads the wire form; members that have a default may be missing.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        id = try members.decode(String.self, forKey: .id)
        title = try members.decode(String.self, forKey: .title)
        path = try members.decode(String.self, forKey: .path)
        score = try members.decode(Double.self, forKey: .score)
        firstLine = try members.decode(Int.self, forKey: .firstLine)
        lastLine = try members.decode(Int.self, forKey: .lastLine)
        isStale = try members.decodeIfPresent(Bool.self, forKey: .isStale) ?? false
    }
}
