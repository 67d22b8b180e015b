import OpsService
import OpsTrust

/// Somebody who is told of events.
struct EventSink: Sendable {
    enum Audience: String, CaseIterable, Sendable {
        /// Whoever may know everything.
        case referee
        /// Anybody: only of faults that are open.
        case open
    }

    /// What the settings say about one; the key is in a file.
    struct Setting: Sendable {
        var name: String
        var url: String
        var keyFile: String
        var audience: Audience
    }

    private static let shortestKey = 16

    let name: String
    let url: String
    let audience: Audience
    let signature: EventSignature

    init(_ setting: Setting) throws {
        self.name = setting.name
        self.url = setting.url
        self.audience = setting.audience
        let key = try SecretFile.read(setting.keyFile).filter { !($0 == 0x0A || $0 == 0x0D) }
        guard key.count >= Self.shortestKey else {
            throw ChaosError(
                .badParameter,
                "the key of sink \(setting.name) is shorter than \(Self.shortestKey) bytes",
                hint: "openssl rand -hex 32 makes one"
            )
        }
        self.signature = EventSignature(key: key)
    }
}

extension EventSink.Setting {
    /// The sinks in the order of their names; what does not fit together is reported.
    static func read(_ reader: inout ConfigurationReader) -> [EventSink.Setting] {
        let urls = reader.table("sinks", help: "Address (http://…) to which events are posted, by the sink's name.")
        let keys = reader.table("sink_keys", help: "File with the key that a sink's events are signed with; required.")
        let audiences = reader.table("sink_audience", help: "referee (all faults) or open (only open ones); referee.")
        for name in Set(keys.keys).union(audiences.keys).subtracting(urls.keys).sorted() {
            reader.report("there is no sink \(name)", hint: "set sinks.\(name) as well")
        }
        return urls.sorted { $0.key < $1.key }.compactMap { name, url in
            guard url.hasPrefix("http://"), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                reader.report("sinks.\(name) is no address", hint: "it begins with http://")
                return nil
            }
            guard let key = keys[name] else {
                reader.report("sink \(name) has no key", hint: "set sink_keys.\(name) to a file of mode 0600")
                return nil
            }
            guard let audience = EventSink.Audience(rawValue: audiences[name] ?? "referee") else {
                reader.report("sink_audience.\(name) is referee or open")
                return nil
            }
            return EventSink.Setting(name: name, url: url, keyFile: key, audience: audience)
        }
    }
}
