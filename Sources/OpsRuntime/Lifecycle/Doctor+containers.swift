import OpsModel
import OpsSystem

/// What a lab in containers needs beside what every lab needs.
extension Doctor {
    /// About engine and Compose, then about what the engine has; what only an engine could tell is left out where none does.
    func containers(_ isUp: Bool) async -> [Finding] {
        let (engine, finding) = await engine()
        var findings = [ownRuntime, finding, await compose].compactMap(\.self)
        guard let engine else { return findings }
        do throws(RuntimeError) {
            for name in ComposeImage.names { findings.append(try await image(name, engine)) }
            let inventory = try await EngineInventory.take(of: ComposeProject.name(lab.name.text), by: engine)
            let machine = EngineMachine(try await engine.get("/info"))
            findings += [Self.inventory(inventory, isUp), Self.memory(machine, isUp)]
            findings += [Self.disk(machine)].compactMap(\.self)
        } catch {
            findings.append(Finding(subject: "engine", verdict: .missing, detail: error.message, hint: error.hint))
        }
        return findings
    }

    /// A lab keeps the way it runs; nil where that is no obstacle.
    private var ownRuntime: Finding? {
        do throws(RuntimeError) {
            try lab.require(.compose)
            return nil
        } catch {
            return Finding(subject: "lab", verdict: .warning, detail: error.message, hint: error.hint)
        }
    }

    private func engine() async -> (EngineReach?, Finding) {
        do throws(RuntimeError) {
            // A lab that is there is asked about where it is.
            let socket =
                if lab.runtime == .compose, let known = lab.record?.engine { known } else { try EngineSocket.path() }
            let engine = EngineReach(socket: socket, http: lab.http)
            let version = try await engine.version()
            let detail = "\(version.engine) at \(engine.socket), API \(version.api)"
            return (engine, Finding(subject: "engine", verdict: .ok, detail: detail))
        } catch {
            return (nil, Finding(subject: "engine", verdict: .missing, detail: error.message, hint: error.hint))
        }
    }

    private var compose: Finding {
        get async {
            do throws(RuntimeError) {
                let command = try await ComposeCommand.find()
                return Self.compose(command.title, await command.version())
            } catch {
                return Finding(subject: "compose", verdict: .missing, detail: error.message, hint: error.hint)
            }
        }
    }

    static func compose(_ title: String, _ version: String?) -> Finding {
        guard let version, ComposeCommand.isNewEnough(version) else {
            let detail = version.map { "\(title) is \($0), and compose.yaml needs 1.29 or 2" }
            return Finding(
                subject: "compose",
                verdict: .missing,
                detail: detail ?? "\(title) does not say its version",
                hint: "`apt-get install docker-compose`, or Docker's own package docker-compose-plugin"
            )
        }
        return Finding(subject: "compose", verdict: .ok, detail: "\(title) \(version)")
    }

    private func image(_ name: String, _ engine: EngineReach) async throws(RuntimeError) -> Finding {
        let programs = name == "services" ? BuiltPrograms(directory: FileSystem.parent(of: executablePath())) : nil
        let packed = "\(lab.locator.repository)/.build/images/programs"
        return Self.image(
            ComposeImage.reference(name),
            try await ComposeImage.find(name, by: engine),
            built: programs?.newest,
            packed: BuiltPrograms.modified(packed)
        )
    }

    /// `built` and `packed` are when the programs were built, and last taken to be packed; nil where nobody knows.
    static func image(_ reference: String, _ image: ComposeImage?, built: Int? = nil, packed: Int? = nil) -> Finding {
        let subject = "image \(reference)"
        guard let image else {
            return Finding(subject: subject, verdict: .missing, detail: "is not there", hint: ComposeImage.making)
        }
        let size = "\(image.sizeBytes / 1_000_000) MB"
        if let built, built > max(image.created, packed ?? 0) {
            return Finding(
                subject: subject,
                verdict: .warning,
                detail: "\(size), older than the programs that were built since",
                hint: ComposeImage.making
            )
        }
        return Finding(subject: subject, verdict: .ok, detail: size)
    }

    static func inventory(_ inventory: EngineInventory, _ isUp: Bool) -> Finding {
        let subject = "containers"
        guard !inventory.isEmpty else { return Finding(subject: subject, verdict: .ok, detail: "none of this lab") }
        let running = inventory.containers.count { $0.state == "running" }
        let detail =
            "\(inventory.containers.count) of this lab, \(running) running; \(inventory.networks.count) networks, \(inventory.volumes.count) volumes"
        guard isUp else {
            return Finding(
                subject: subject,
                verdict: .warning,
                detail: "\(detail): left by an earlier run",
                hint: "`opslab down` removes them"
            )
        }
        let unwell = inventory.containers.filter(\.isUnhealthy).map(\.name)
        guard unwell.isEmpty else {
            return Finding(
                subject: subject,
                verdict: .warning,
                detail: "\(detail); unhealthy: \(unwell.joined(separator: ", "))",
                hint: "`opslab status` and `opslab logs NAME` say more"
            )
        }
        return Finding(subject: subject, verdict: .ok, detail: detail)
    }

    /// What a lab uses at rest, with room for the load of a scenario.
    private static let leastMemory: UInt64 = 1_024 << 20

    static func memory(_ machine: EngineMachine, _ isUp: Bool) -> Finding {
        let isEnough = machine.memoryBytes >= leastMemory
        return Finding(
            subject: "memory",
            verdict: isEnough ? .ok : .warning,
            detail: "the engine has \(machine.memoryBytes >> 20) MB",
            hint: isEnough ? nil : "a lab in containers needs \(leastMemory >> 20) MB"
        )
    }

    /// Nil where the engine's directory cannot be asked about from here.
    static func disk(_ machine: EngineMachine) -> Finding? {
        guard !machine.root.isEmpty, let space = try? FileSystem.freeSpace(machine.root) else { return nil }
        let isEnough = space >= 1_000 << 20
        return Finding(
            subject: "engine's disk",
            verdict: isEnough ? .ok : .warning,
            detail: "\(space >> 20) MB free in \(machine.root), storage \(machine.storage)",
            hint: isEnough ? nil : "images and containers need 1000 MB; `docker image prune` frees some"
        )
    }
}
