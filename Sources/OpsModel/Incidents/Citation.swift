/// A passage of a runbook.
public struct Citation: Codable, Hashable, Sendable {
    /// The runbook's id.
    public var runbook: String
    /// Its file.
    public var path: String
    /// The first line cited.
    public var firstLine: Int
    /// The last line cited.
    public var lastLine: Int

    /// Puts the parts together as given.
    public init(runbook: String, path: String, firstLine: Int, lastLine: Int) {
        self.runbook = runbook
        self.path = path
        self.firstLine = firstLine
        self.lastLine = lastLine
    }

    private enum CodingKeys: String, CodingKey {
        case runbook
        case path
        case firstLine = "first_line"
        case lastLine = "last_line"
    }
}
