public import OpsModel
internal import OpsYAML

/// A Compose file as the JSON that Compose would read, with what `<<` brings in its place.
///
/// `ComposeFile` reads what a topology can be drafted from; this is everything, for whoever has to have it run.
public struct ComposeDocument: Hashable, Sendable {
    /// Where it was read.
    public var file: String
    /// Its services by name.
    public var services: [String: JSONValue]
    /// The other members of the file.
    public var others: [String: JSONValue]

    /// Reads a Compose file; nothing but YAML is checked.
    public static func load(_ path: String) throws(SpecProblems) -> ComposeDocument {
        try parse(try readDocument(path), file: path)
    }

    /// Reads the text of a Compose file.
    public static func parse(_ text: String, file: String = "compose.yaml") throws(SpecProblems) -> ComposeDocument {
        do {
            let root = try YAMLDocument.parse(text, file: file).root
            var others = MergeKeys(remarks: Diagnostics(file: file, lines: [])).merged(root).json.objectValue ?? [:]
            let services = others.removeValue(forKey: "services")?.objectValue ?? [:]
            return ComposeDocument(file: file, services: services, others: others)
        } catch {
            throw SpecProblems(error)
        }
    }

    /// A text of the file with `${NAME:-default}` filled in; nil when it is known to the environment only.
    public static func filled(_ text: String) -> String? {
        if case .text(let filled) = Interpolation.fill(text[...]) { return filled }
        return nil
    }
}
