import OpsModel

/// How an engine describes itself and the machine that it is on.
struct EngineMachine: Sendable, Equatable {
    var storage: String
    var controlGroups: String
    /// Where images and containers lie.
    var root: String
    var memoryBytes: UInt64

    /// Reads the answer to `GET /info`.
    init(_ answer: JSONValue?) {
        storage = answer?["Driver"]?.stringValue ?? "unknown"
        controlGroups = answer?["CgroupVersion"]?.stringValue ?? "unknown"
        root = answer?["DockerRootDir"]?.stringValue ?? ""
        memoryBytes = UInt64(max(0, answer?["MemTotal"]?.doubleValue ?? 0))
    }
}
