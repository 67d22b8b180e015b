/// What a NOTIFY brought.
public struct PostgresNotification: Hashable, Sendable {
    /// The channel.
    public let channel: String
    /// The text that came with it, often empty.
    public let payload: String
}
