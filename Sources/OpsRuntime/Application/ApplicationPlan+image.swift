import OpsModel
import OpsSpec

extension ApplicationPlan {
    /// What an image starts by itself.
    struct Entry: Hashable, Sendable {
        var entrypoint: [String]
        var command: [String]
    }

    /// The name of an image without what the environment alone knows; its tag may stand for any.
    static func image(_ text: String) -> String? { ComposeDocument.filled(text) }

    /// The images whose own start has to be known, because a service says only a part of it.
    package var images: [String] {
        let services = self.application.programs.compactMap { self.compose.services[$0.service] }
        let open = services.filter { $0["entrypoint"] == nil }
        return Set(open.compactMap { $0["image"]?.stringValue.flatMap(Self.image) }).sorted()
    }

    /// All words that a service starts with: its own, and those of its image where it has none.
    func words(of service: JSONValue, _ entries: [String: Entry]) -> [String] {
        let image = service["image"]?.stringValue.flatMap(Self.image).flatMap { entries[$0] }
        let own = Self.list(service["entrypoint"])
        let command = Self.list(service["command"])
        if let own { return own + (command ?? []) }
        return (image?.entrypoint ?? []) + (command ?? image?.command ?? [])
    }

    private static func list(_ value: JSONValue?) -> [String]? {
        if let text = value?.stringValue { return ShellWords.split(text) }
        return value?.arrayValue?.compactMap(\.stringValue)
    }
}
