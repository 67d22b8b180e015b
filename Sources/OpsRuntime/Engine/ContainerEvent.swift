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
}
