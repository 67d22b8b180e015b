import Glibc
import OpsSystem

/// The listener of each process of a lab.
public struct PortPlan: Codable, Hashable, Sendable {
    /// Everything that listens on TCP.
    public enum Listener: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
        case web
        case api1
        case api2
        case worker
        case report
        case upstream1
        case upstream2
        case load
        case db
        case observer
        case chaos
        case kill
        case proxy
        case gate
        case action
        case agentops

        /// The port a lab takes when it is the only one.
        public var standardPort: UInt16 {
            switch self {
            case .web: 8_000
            case .chaos: 8_001
            case .observer: 8_002
            case .kill: 8_003
            case .proxy: 8_004
            case .api1: 8_010
            case .api2: 8_011
            case .worker: 8_020
            case .report: 8_021
            case .upstream1: 8_031
            case .upstream2: 8_032
            case .load: 8_040
            case .gate: 8_080
            case .action: 9_000
            case .db: 5_433
            case .agentops: 5_434
            }
        }
    }

    private var ports: [Listener: UInt16]

    /// The ports that the documentation names.
    public static let standard = PortPlan(
        ports: Dictionary(uniqueKeysWithValues: Listener.allCases.map { ($0, $0.standardPort) })
    )

    private init(ports: [Listener: UInt16]) { self.ports = ports }

    /// Reads the ports by name; a listener that is not named takes its standard port.
    public init(from decoder: any Decoder) throws { self.ports = try [Listener: UInt16](from: decoder) }

    /// Writes the ports by name.
    public func encode(to encoder: any Encoder) throws { try self.ports.encode(to: encoder) }

    /// The port of a listener.
    public subscript(listener: Listener) -> UInt16 { self.ports[listener] ?? listener.standardPort }

    /// The base address of an HTTP listener.
    public func url(_ listener: Listener) -> String { "http://127.0.0.1:\(self[listener])" }

    /// The listeners whose port somebody else has.
    package func taken() -> [Listener] { Listener.allCases.filter { !Self.isFree(self[$0]) } }

    /// Free ports for a lab beside others, below the range from which the kernel takes ports for clients.
    ///
    /// Looking and binding are two steps, so a start may still find a port taken and says so then.
    package static func free() throws(RuntimeError) -> PortPlan {
        for _ in 0..<200 {
            let base = UInt16.random(in: 20_000...31_900)
            let candidates = Listener.allCases.enumerated().map { ($0.element, base + UInt16($0.offset)) }
            if candidates.allSatisfy({ Self.isFree($0.1) }) {
                return PortPlan(ports: Dictionary(uniqueKeysWithValues: candidates))
            }
        }
        throw RuntimeError(.portTaken, "no run of \(Listener.allCases.count) free ports between 20000 and 32000")
    }

    /// Free ports for an application's own programs, above those that a lab takes for itself.
    static func free(_ count: Int) throws(RuntimeError) -> [UInt16] {
        for _ in 0..<200 {
            let base = UInt16.random(in: 32_000...32_600)
            let candidates = (0..<count).map { base + UInt16($0) }
            if candidates.allSatisfy(Self.isFree) { return candidates }
        }
        throw RuntimeError(.portTaken, "no run of \(count) free ports between 32000 and 32700")
    }

    static func isFree(_ port: UInt16) -> Bool {
        let listener = FileDescriptor(owning: socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var isReused: Int32 = 1
        setsockopt(listener.raw, SOL_SOCKET, SO_REUSEADDR, &isReused, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener.raw, $0, 16) == 0 }
        } && listen(listener.raw, 1) == 0
    }
}
