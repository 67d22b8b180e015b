import OpsModel
import OpsSystem

/// The containers, networks and volumes of one lab, as Compose makes and removes them.
///
/// The lab says in which order they start and when they serve, as it does with processes.
struct ComposeProject: Sendable {
    let lab: Lab
    let record: InstanceRecord

    /// What the names of a lab's containers begin with.
    static func prefix(_ instance: String) -> String { "opslab-\(instance)-" }

    /// What Compose calls the lab, and labels all its things with.
    static func name(_ instance: String) -> String { "opslab-\(instance)" }

    private var name: String { Self.name(self.record.instance) }
    private var file: String {
        self.record.application == nil
            ? "\(self.lab.locator.repository)/compose/compose.yaml" : self.lab.layout.composeFile
    }
    private var environmentFile: String { "\(self.lab.layout.home)/compose.env" }

    /// Makes all containers and networks anew where their description has changed, and starts none.
    ///
    /// Only those in the network of another one are made later: docker-compose looks for that among those that run.
    func create() async throws(RuntimeError) {
        let services = InstanceLayout.Half.allCases.flatMap(self.record.programs).filter { !self.links.contains($0) }
        let words = ["up", "--no-start", "--no-build", "--remove-orphans"]
        try await self.compose(words + services, within: .seconds(120))
    }

    /// Starts containers that were made, those of them that do not run yet.
    ///
    /// Compose does it, because docker-compose puts a container into its second network only now.
    func start(_ services: [String]) async throws(RuntimeError) {
        let (links, others) = (services.filter(self.links.contains), services.filter { !self.links.contains($0) })
        if !others.isEmpty { try await self.up(["--no-recreate"] + others) }
        // One that is there may be in the network of a container that no longer is.
        if !links.isEmpty { try await self.up(["--force-recreate"] + links) }
    }

    private var links: [String] { self.record.linked.map(InstanceRecord.link) }

    private func up(_ words: [String]) async throws(RuntimeError) {
        try await self.compose(["up", "--detach", "--no-deps", "--no-build"] + words, within: .seconds(60))
    }

    /// Stops and removes containers, networks and volumes; what is not there is no error.
    func remove() async throws(RuntimeError) {
        guard FileSystem.exists(self.environmentFile) else { return }  // never made
        // With the profile, or containers that a person started by it would stay, and their network with them.
        try await self.compose(
            ["--profile", "monitoring", "down", "--volumes", "--remove-orphans", "--timeout", "10"],
            within: .seconds(120)
        )
    }

    private func compose(_ words: [String], within limit: Duration) async throws(RuntimeError) {
        let command = try await ComposeCommand.find()
        let arguments =
            command.arguments + ["--project-name", self.name, "--env-file", self.environmentFile, "--file", self.file]
        let output: CommandOutput
        do {
            output = try await OpsSystem.run(
                command.program,
                arguments + words,
                environment: ComposeCommand.environment(engine: self.record.engine),
                directory: self.lab.layout.home,
                within: limit
            )
        } catch {
            throw RuntimeError(error)
        }
        guard output.status.isSuccess else {
            throw ComposeComplaint(verb: words.first ?? "", text: output.errorText).error
        }
    }
}
