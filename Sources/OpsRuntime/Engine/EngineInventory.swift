import OpsHTTP
import OpsModel

/// What an engine has of one lab, by the label that Compose gives to all it makes.
struct EngineInventory: Sendable, Equatable {
    /// A container as the engine lists it.
    struct Container: Sendable, Equatable {
        var name: String
        /// `running`, `exited` and so on.
        var state: String
        /// The engine's words for people, such as `Up 3 minutes (unhealthy)`.
        var status: String

        var isUnhealthy: Bool { status.hasSuffix("(unhealthy)") }
    }

    var containers: [Container] = []
    var networks: [String] = []
    var volumes: [String] = []

    /// Whether nothing of the lab is there.
    var isEmpty: Bool { containers.isEmpty && networks.isEmpty && volumes.isEmpty }

    /// Asks for everything of a project.
    static func take(of project: String, by engine: EngineReach) async throws(RuntimeError) -> EngineInventory {
        let words = try translating { try OpsJSON.string(["label": ["com.docker.compose.project=\(project)"]]) }
        let filter = "filters=\(PercentEncoding.encode(words))"
        let containers = try await engine.get("/containers/json?all=1&\(filter)")
        let networks = try await engine.get("/networks?\(filter)")
        let volumes = try await engine.get("/volumes?\(filter)")
        return EngineInventory(containers: containers, networks: networks, volumes: volumes)
    }

    /// Reads the three answers; what makes no sense in them is not there.
    init(containers: JSONValue?, networks: JSONValue?, volumes: JSONValue?) {
        self.containers = (containers?.arrayValue ?? []).compactMap { entry in
            guard let name = entry["Names"]?[0]?.stringValue, let state = entry["State"]?.stringValue else {
                return nil
            }
            let plain = String(name.drop { $0 == "/" })
            return Container(name: plain, state: state, status: entry["Status"]?.stringValue ?? "")
        }
        self.networks = Self.names(networks)
        self.volumes = Self.names(volumes?["Volumes"])
    }

    private static func names(_ list: JSONValue?) -> [String] {
        (list?.arrayValue ?? []).compactMap { $0["Name"]?.stringValue }
    }
}
