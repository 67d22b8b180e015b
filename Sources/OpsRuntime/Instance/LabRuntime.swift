/// How the programs of a lab run.
public enum LabRuntime: String, Codable, Sendable, CaseIterable {
    /// As processes of this machine, each half under a supervisor of its own.
    case local
    /// As containers of an engine, made by Compose.
    case compose
}
