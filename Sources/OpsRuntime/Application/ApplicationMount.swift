import OpsModel
import OpsSpec

/// One entry of a service's `volumes`, in the short form or the long one.
struct ApplicationMount: Hashable, Sendable {
    /// A path of this machine, or the name of a volume; nil for a volume without a name.
    var source: String?
    /// The path inside.
    var target: String
    var isReadOnly: Bool

    /// Nil when it cannot be understood without the environment of a person's shell, or at all.
    init?(_ entry: JSONValue) {
        if let text = entry.stringValue {
            guard let parts = ComposeDocument.filled(text)?.split(separator: ":").map(String.init) else { return nil }
            guard let target = parts.count > 1 ? parts[1] : parts.first else { return nil }
            self.source = parts.count > 1 ? parts[0] : nil
            self.target = target
            self.isReadOnly = parts.count > 2 && parts[2].split(separator: ",").contains("ro")
        } else {
            guard let target = entry["target"]?.stringValue.flatMap(ComposeDocument.filled),
                ["bind", "volume"].contains(entry["type"]?.stringValue ?? "volume")
            else { return nil }
            let source = entry["source"]?.stringValue
            if let source, ComposeDocument.filled(source) == nil { return nil }
            self.source = source.flatMap(ComposeDocument.filled)
            self.target = target
            self.isReadOnly = entry["read_only"]?.boolValue == true
        }
    }

    /// Whether it brings a file or directory of this machine, and not a volume of the engine.
    var isBind: Bool { self.source.map { $0.hasPrefix("/") || $0.hasPrefix(".") } ?? false }

    /// The source below a directory, without `.` and `..`; nil for a volume.
    func path(in directory: String) -> String? {
        guard self.isBind, let source else { return nil }
        return Self.normal(source.hasPrefix("/") ? source : "\(directory)/\(source)")
    }

    static func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
