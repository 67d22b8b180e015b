import Glibc
import OpsModel
import OpsSpec
import OpsSystem

/// A library warns, in words that nobody has read before, about something that hurts nobody.
struct LogNoise: RecurringDecoy {
    let pause: Duration = .milliseconds(400)
    private let path: String
    private let service: String
    private let message: String

    /// It is linked into the first program of the target that customers reach through others and that has a log.
    init(_ lab: RefereeLab) throws {
        let inner = lab.topology.components(of: .http).filter { !lab.topology.callers(of: $0.name).isEmpty }
        let instances = inner.flatMap { lab.bindings.components[$0.name]?.instances ?? [] }
        guard let instance = instances.first(where: { $0.log != nil }), let path = instance.log else {
            throw RefereeError.noPlace("no program that others call has a log here")
        }
        self.path = path
        service = instance.name
        message = Self.warning()
    }

    func act() async throws {
        let line: JSONValue = [
            "time": .string(Timestamp.now().description), "level": "warning", "service": .string(service),
            "message": .string(message),
        ]
        let file = try FileDescriptor(opening: path, O_WRONLY | O_APPEND | O_CLOEXEC)
        try file.write(try OpsJSON.encode(line) + [UInt8(ascii: "\n")], doing: "write \(path)")
    }

    /// The words differ from run to run, or the second run's would be known.
    private static func warning() -> String {
        let words = (0..<2).compactMap { _ in nouns.randomElement() }.joined(separator: " ")
        let verb = verbs.randomElement() ?? "changes"
        return "\(words) \(verb) with the next major version, set it explicitly to silence this"
    }

    private static let nouns = [
        "codec", "resolver", "keepalive", "locale", "calendar", "formatter", "backoff", "tracer", "header", "charset",
        "cookie", "digest", "encoder", "fallthrough", "gauge", "histogram",
    ]
    private static let verbs = ["changes its default", "is renamed", "moves to another module", "becomes strict"]
}
