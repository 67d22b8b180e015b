import OpsModel
import OpsSpec

/// One thing that a monkey can be made to do.
struct MonkeyCandidate: Codable, Hashable, Sendable {
    var fault: String
    var target: String
    /// Nil where the fault is of the component as a whole.
    var instance: String?
    /// Only what the fault cannot do without; everything else is as the catalogue has it.
    var with: [String: JSONValue] = [:]

    /// All there are, in the order of catalogue and topology: for one lab always the same.
    ///
    /// A fault with another parameter than `to` that has no default is left out: what it should be, nobody said.
    static func all(_ resolver: TargetResolver) -> [MonkeyCandidate] {
        FaultCatalog.descriptions.flatMap { description in
            resolver.topology.components.filter { resolver.limits.scope.contains($0.name) }.flatMap { component in
                // Thrown where the fault breaks no such component.
                (try? resolver.access(to: component.name, for: description)).map {
                    self.of(description, component, $0)
                } ?? []
            }
        }
    }

    private static func of(
        _ description: FaultDescription,
        _ component: Component,
        _ access: TargetAccess
    ) -> [MonkeyCandidate] {
        let plain = MonkeyCandidate(fault: description.kind.rawValue, target: component.name)
        guard description.needs.allSatisfy({ self.has($0, access) }) else { return [] }
        switch description.parameters.filter(\.isRequired).map(\.name) {
        case []: break
        case ["to"]:
            let others = description.needs.contains(.names) ? Array(access.names.keys) : Array(access.ways.keys)
            return others.sorted().map { plain.replacing(with: ["to": .string($0)]) }
        default: return []
        }
        guard component.kind.isProcess else { return [plain] }
        // Where a program lacks a way that the fault needs, each request would be refused.
        return access.programs.sorted { $0.key < $1.key }
            .filter { !description.needs.contains(.strains) || access.strains[$0.value] != nil }
            .map { plain.replacing(instance: $0.key) }
    }

    private static func has(_ reach: FaultDescription.Reach, _ access: TargetAccess) -> Bool {
        switch reach {
        case .strains: !access.strains.isEmpty
        case .links: !access.links.isEmpty
        case .proxy: access.isProxied
        case .keys: access.keys != nil
        case .names: !access.names.isEmpty
        case .entries: access.directory != nil
        case .volume: access.volume.map { VolumeFill.refusal(of: $0) == nil } ?? false
        case .memory: access.hasMemoryLimit
        case .descriptors: access.hasDescriptorLimit
        case .queue: access.queue != nil
        }
    }

    private func replacing(instance: String? = nil, with: [String: JSONValue] = [:]) -> MonkeyCandidate {
        MonkeyCandidate(fault: self.fault, target: self.target, instance: instance, with: with)
    }
}

extension Parameter {
    /// Whether a request has to say what it is: its default is an empty name.
    fileprivate var isRequired: Bool { self.kind == .name && self.fallback == .string("") }
}
