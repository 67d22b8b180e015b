public import OpsSpec

/// The faults that a scenario may use.
///
/// It mirrors the injector's catalogue, which a scenario is checked against without one running. Whoever is judged must not
/// link it.
public enum FaultVocabulary {
    /// What can be said about one fault.
    public struct Entry: Hashable, Sendable {
        /// Kinds of component that it can break.
        public var targets: Set<ComponentKind>
        /// Names of its parameters.
        public var parameters: Set<String>
        /// Whether a lab of processes has to be root's for it.
        public var changesNetwork = false
        /// Whether it is possible only where a proxy stands in the ways of the target.
        public var needsProxy = false

        /// What only a proxy can do to the ways out of a program.
        fileprivate static func proxied(parameters: Set<String>) -> Entry {
            Entry(
                targets: [.http, .worker, .batch],
                parameters: parameters,
                changesNetwork: true,
                needsProxy: true
            )
        }
    }

    /// The faults by name.
    public static let faults: [String: Entry] = [
        "db-lock": Entry(targets: [.postgres], parameters: ["mode", "as", "table", "hot"]),
        "db-credential": Entry(targets: [.postgres], parameters: ["role"]),
        "db-crash": Entry(targets: [.postgres], parameters: []),
        "db-connections": Entry(targets: [.postgres], parameters: ["again"]),
        "db-config": Entry(targets: [.postgres], parameters: []),
        "db-rows": Entry(targets: [.postgres], parameters: ["mode", "table"]),
        "schema-drift": Entry(targets: [.postgres], parameters: ["mode", "table", "column", "earlier", "step"]),
        "db-index": Entry(targets: [.postgres], parameters: ["index"]),
        "poison-job": Entry(targets: [.worker], parameters: []),
        "disk-fill": Entry(targets: [.directory], parameters: [], changesNetwork: true),
        "config-value": Entry(targets: [.http, .worker, .batch], parameters: ["key", "value"]),
        "api-crash": Entry(targets: [.http, .worker, .batch], parameters: []),
        "api-pause": Entry(targets: [.http, .worker, .batch], parameters: []),
        "cache-corrupt": Entry(targets: [.directory], parameters: ["mode", "share", "seed"]),
        "cache-stale": Entry(targets: [.directory], parameters: ["flag"]),
        "cache-stampede": Entry(targets: [.directory], parameters: ["flag", "for_s"]),
        "upstream-down": Entry(targets: [.provider], parameters: []),
        "db-pool": Entry(targets: [.http], parameters: ["connections"]),
        "api-stuck": Entry(targets: [.http], parameters: ["workers"]),
        "api-slow": Entry(targets: [.http], parameters: ["ms"]),
        "memory-leak": Entry(targets: [.http], parameters: ["mib", "rate"]),
        "fd-leak": Entry(targets: [.http], parameters: ["descriptors", "rate"]),
        "clock-jump": Entry(targets: [.http], parameters: ["seconds"]),
        "upstream-credential": Entry(targets: [.provider], parameters: []),
        "dns-wrong": Entry(targets: [.http, .worker, .batch], parameters: ["to"]),
        "upstream-slow": Entry(targets: [.provider], parameters: ["ms"]),
        "upstream-wrong": Entry(targets: [.provider], parameters: ["share"]),
        "flag-defect": Entry(targets: [.http], parameters: ["flag"]),
        "net-loss": Entry(targets: [.http, .worker, .batch], parameters: ["to", "share"], changesNetwork: true),
        "net-delay": .proxied(parameters: ["to", "ms", "jitter"]),
        "net-narrow": .proxied(parameters: ["to", "kib"]),
        "net-reset": .proxied(parameters: ["to", "share"]),
        "net-block": Entry(targets: [.http, .worker, .batch], parameters: ["to"], changesNetwork: true),
    ]

    /// The names in alphabetical order.
    public static var names: [String] { faults.keys.sorted() }
}
