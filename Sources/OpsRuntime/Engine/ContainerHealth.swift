import OpsModel

/// What a container's own health check has found so far.
public struct ContainerHealth: Sendable, Equatable {
    /// The engine's words.
    public enum Status: String, Sendable {
        /// Not checked often enough yet to say.
        case starting
        case healthy
        case unhealthy
    }

    /// What the checks say together.
    public var status: Status
    /// The first line of what the last check that failed printed; empty when none did.
    public var complaint: String

    /// Reads what the engine says; nil for a container that has no check.
    init?(_ answer: JSONValue?) {
        guard let status = answer?["Status"]?.stringValue.flatMap(Status.init) else { return nil }
        self.status = status
        let failed = (answer?["Log"]?.arrayValue ?? []).last { $0["ExitCode"]?.intValue != 0 }
        let output = failed?["Output"]?.stringValue ?? ""
        complaint = output.split(separator: "\n").first.map { String($0.prefix(200)) } ?? ""
    }
}
