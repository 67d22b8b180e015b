import OpsModel
import OpsSpec

extension ApplicationPlan {
    /// What would let a service out of its lab.
    private static let refused: [String: String] = [
        "privileged": "it would have the machine",
        "network_mode": "a lab has networks of its own",
        "pid": "it would see other programs' processes",
        "ipc": "it would share memory with others",
        "userns_mode": "it would have the machine's users",
        "devices": "it would have the machine's devices",
        "volumes_from": "mounts are told service by service",
        "extends": "write down what it takes; `docker compose config` does",
    ]

    /// What a lab does not bring in of a service.
    func check(_ program: Application.Program, _ problems: inout [String]) {
        let name = program.service
        guard let service = self.compose.services[name]?.objectValue else { return }
        for (key, why) in Self.refused.sorted(by: { $0.key < $1.key })
        where service[key] != nil && service[key] != .bool(false) {
            problems.append("service \(name): '\(key)' is not for a lab: \(why)")
        }
        if service["image"]?.stringValue.flatMap({ Self.image($0) }) == nil {
            problems.append("service \(name): a lab builds nothing; name the `image` that `docker compose build` makes")
        }
        for entry in service["volumes"]?.arrayValue ?? [] {
            guard let mount = ApplicationMount(entry) else {
                problems.append("service \(name): a mount that only the environment or a plugin explains")
                continue
            }
            guard let path = mount.path(in: self.directory) else { continue }
            if path.hasSuffix(".sock") { problems.append("service \(name): a socket of the machine is not for a lab") }
            if self.lies(path) == .inside {
                problems.append("service \(name): mount ./var as a whole, because a repair replaces what is in it")
            }
        }
    }

    /// What the lab's customers cannot play, because only the customers of the application itself know how.
    func checkJourneys(_ problems: inout [String]) {
        for journey in self.topology.journeys {
            if journey.path.contains("{own}") {
                problems.append("journey \(journey.name): a lab's customers own nothing; ask for what is always there")
            }
            if let ledger = journey.good.ledger {
                problems.append(
                    "journey \(journey.name): nobody keeps a ledger of your application: take '\(ledger)' out"
                )
            }
        }
    }

    /// Where a path lies of those that faults and repairs change.
    enum Place: Hashable { case elsewhere, whole, inside }

    /// Whether a path of the person's is the directory of what changes, or something in it.
    func lies(_ path: String) -> Place {
        let changing = "\(self.directory)/var"
        if path == changing { return .whole }
        return path.hasPrefix("\(changing)/") ? .inside : .elsewhere
    }
}
