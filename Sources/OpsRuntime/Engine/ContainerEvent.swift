import OpsModel

/// Something that happened to a container.
public struct ContainerEvent: Hashable, Sendable {
    /// `start`, `kill`, `die`, `pause` or `unpause`, as the engine says.
    public var action: String
    /// The program, which is the container's name without the lab's prefix.
    public var program: String

    /// An event put together.
    public init(action: String, program: String) {
        self.action = action
        self.program = program
    }

    /// Reads a line of the engine; nil for one about something else.
    init?(line: some StringProtocol, prefix: String) {
        guard let event = try? OpsJSON.decode(JSONValue.self, from: line.utf8),  // no JSON is no event
            let action = event["Action"]?.stringValue, let name = event.at("Actor.Attributes.name")?.stringValue,
            name.hasPrefix(prefix)
        else { return nil }
        self.init(action: action, program: String(name.dropFirst(prefix.count)))
    }
}
