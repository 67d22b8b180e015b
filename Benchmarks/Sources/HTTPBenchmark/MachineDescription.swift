import Glibc
import OpsModel
import OpsSystem

/// What a reader needs to judge a figure: the processor, memory and system, and nothing that names the machine.
struct MachineDescription {
    var facts: [(name: String, value: String)]

    static func read() -> MachineDescription {
        let processor = field("model name", of: "/proc/cpuinfo") ?? "unknown"
        let memory = field("MemTotal", of: "/proc/meminfo").flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
        let system = field("PRETTY_NAME", of: "/etc/os-release", separator: "=")?.filter { $0 != "\"" } ?? "unknown"
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return MachineDescription(facts: [
            ("processor", processor), ("cores", String(cores)), ("memory", "\(memory / 1_048_576) GiB"),
            ("system", system), ("kernel", text("/proc/sys/kernel/osrelease") ?? "unknown"),
        ])
    }

    var text: String {
        facts.map { "\($0.name)\(String(repeating: " ", count: 12 - $0.name.count))\($0.value)\n" }.joined()
    }

    var json: JSONValue { .object(Dictionary(facts.map { ($0.name, .string($0.value)) }) { first, _ in first }) }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? FileSystem.read(path, limit: 1 << 20) else { return nil }  // then the fact is unknown
        return String(
            String(decoding: bytes, as: UTF8.self).drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }
                .reversed()
        )
    }

    private static func field(_ name: String, of path: String, separator: Character = ":") -> String? {
        for line in (text(path) ?? "").split(separator: "\n") where line.hasPrefix(name) {
            guard let place = line.firstIndex(of: separator) else { continue }
            return String(line[line.index(after: place)...].drop { $0 == " " })
        }
        return nil
    }
}
