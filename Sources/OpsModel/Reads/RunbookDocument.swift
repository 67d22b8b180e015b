/// A runbook without its text.
public struct RunbookSummary: Codable, Hashable, Sendable {
    /// The runbook's own name.
    public var id: String
    /// Its title.
    public var title: String
    /// The kind of component it is about.
    public var kind: String
    /// Its file.
    public var path: String
    /// What one sees.
    public var symptoms: [String]
    /// When somebody last looked it through.
    public var reviewed: Timestamp
    /// Whether that is more than a year ago.
    public var isStale: Bool

    /// Puts the parts together as given.
    public init(
        id: String,
        title: String,
        kind: String,
        path: String,
        symptoms: [String],
        reviewed: Timestamp,
        isStale: Bool
    ) {
        self.id = id
        self.title = title
        self.kind = kind
        self.path = path
        self.symptoms = symptoms
        self.reviewed = reviewed
        self.isStale = isStale
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case title
        case kind
        case path
        case symptoms
        case reviewed
        case isStale = "is_stale"
    }
}

/// A runbook with its text, whose lines are those that citations count.
public struct RunbookDocument: Codable, Hashable, Sendable {
    /// The runbook's own name.
    public var id: String
    /// Its title.
    public var title: String
    /// Its file.
    public var path: String
    /// The whole file.
    public var text: String
    /// Whether nobody looked it through for a year.
    public var isStale: Bool

    /// Puts the parts together as given.
    public init(id: String, title: String, path: String, text: String, isStale: Bool) {
        self.id = id
        self.title = title
        self.path = path
        self.text = text
        self.isStale = isStale
    }

    private enum CodingKeys: String, CodingKey {
        case id
        case title
        case path
        case text
        case isStale = "is_stale"
    }
}
