import OpsModel
import OpsSpec
import OpsSystem

/// The Compose file of a lab around a person's own application: the lab's services as `compose/compose.yaml` has them, and the
/// person's in place of the shop's.
///
/// A service keeps what it says about itself. Its names, networks, ports and output are the lab's, it writes nowhere but below
/// the lab's own directory, and it runs as the target's user unless it says otherwise.
struct ApplicationComposeFile: Sendable {
    let plan: ApplicationPlan
    /// `compose/compose.yaml`.
    let lab: ComposeDocument
    let entries: [String: ApplicationPlan.Entry]

    private var application: Application { self.plan.application }

    /// What Compose reads: JSON is YAML.
    func text() throws(RuntimeError) -> String {
        var services = self.lab.services.filter {
            InstanceLayout.Half.lab.programs.contains($0.key) || $0.key == "load"
        }
        services[self.application.database.component] = self.database
        for program in self.application.programs { services[program.name] = self.service(program) }
        for program in self.application.linked ?? [] {
            services[InstanceRecord.link(of: program)] = self.link(of: program)
        }
        var document: [String: JSONValue] = [
            "services": .object(services), "networks": self.lab.others["networks"] ?? [:],
            "volumes": .object(self.volumes),
        ]
        for key in ["secrets", "configs"] { document[key] = self.files(key) }
        return try translating { try OpsJSON.string(JSONValue.object(document), pretty: true) + "\n" }
    }

    /// The lab's own server, at the name and port that the application knows.
    private var database: JSONValue {
        let database = self.application.database
        var service = self.lab.services["db"]?.objectValue ?? [:]
        let log = "${OPSLAB_HOME}/target/log/\(database.component).log"
        service["container_name"] = .string("${OPSLAB_PREFIX}\(database.component)")
        service["hostname"] = .string(database.component)
        service["ports"] = [.string("127.0.0.1:${OPSLAB_PORT_DB}:\(database.port)")]
        service["environment"] = ["OUTPUT": .string(log)]
        service["healthcheck"] = [
            "test": ["CMD", "pg_isready", "-q", "-h", "${OPSLAB_SOCKETS}/t", "-p", .string("\(database.port)")],
            "interval": "5s", "timeout": "2s", "retries": 6,
        ]
        let places = ["${OPSLAB_HOME}/target/pg", log, "${OPSLAB_SOCKETS}/t"]
        service["volumes"] = .array(places.map { .string("\($0):\($0)") })
        return .object(service)
    }

    /// As the shop has it, in the network of another program.
    private func link(of program: String) -> JSONValue {
        var service = self.lab.services["api-1-net"]?.objectValue ?? [:]
        let name = InstanceRecord.link(of: program)
        let socket = "${OPSLAB_SOCKETS}/n/\(program).sock"
        let log = "${OPSLAB_HOME}/lab/log/\(name).log"
        service["container_name"] = .string("${OPSLAB_PREFIX}\(name)")
        service["network_mode"] = .string("service:\(program)")
        service["command"] = ["ChaosServer", "link", "--socket", .string(socket)]
        service["environment"] = ["OUTPUT": .string(log)]
        if var check = service["healthcheck"]?.objectValue {
            check["test"] = ["CMD", "test", "-S", .string(socket)]
            service["healthcheck"] = .object(check)
        }
        service["volumes"] = ["${OPSLAB_SOCKETS}/n:${OPSLAB_SOCKETS}/n", .string("\(log):\(log)")]
        return .object(service)
    }

    private func service(_ program: Application.Program) -> JSONValue {
        let own = self.plan.compose.services[program.service] ?? [:]
        var service = (own.objectValue ?? [:]).filter { !Self.replaced.contains($0.key) && !$0.key.hasPrefix("x-") }
        let log = "${OPSLAB_HOME}/target/log/\(program.name).log"
        service["container_name"] = .string("${OPSLAB_PREFIX}\(program.name)")
        service["hostname"] = .string(program.name)
        service["networks"] = ["target": ["aliases": [.string(program.service)]]]
        if let port = program.port, let published = program.published {
            service["ports"] = [.string("127.0.0.1:\(published):\(port)")]
        }
        service["init"] = true
        service["dns_opt"] = ["timeout:1", "attempts:1"]
        service["security_opt"] = ["no-new-privileges:true"]
        service["pids_limit"] = service["pids_limit"] ?? 256
        service["mem_limit"] = service["mem_limit"] ?? "256m"
        service["cap_drop"] = ["ALL"]
        if own["user"] == nil {
            service["user"] = "${OPSLAB_USER_TARGET}"
            service["group_add"] = ["${OPSLAB_GROUP_TGT}", "${OPSLAB_GROUP_LOG}"]
        }
        // Its output goes to a file, as everybody's does; the first word stays the program's own.
        service["entrypoint"] = ["/bin/sh", "-c", #"umask 002; exec "$$0" "$$@" >> "$$OPSLAB_OUTPUT" 2>&1"#]
        service["command"] = .array(self.plan.words(of: own, self.entries).map { .string($0) })
        service["environment"] = self.environment(own, log)
        service["env_file"] = self.environmentFiles(own)
        service["volumes"] = .array(self.mounts(of: program.service) + [.string("\(log):\(log)")])
        return .object(service)
    }

    /// What the lab says instead, or what has no meaning in it.
    private static let replaced: Set<String> = [
        "build", "cap_add", "cap_drop", "container_name", "depends_on", "deploy", "dns_opt", "expose", "external_links",
        "hostname", "init", "links", "logging", "networks", "ports", "profiles", "pull_policy", "scale", "security_opt",
    ]

    private func environment(_ service: JSONValue, _ log: String) -> JSONValue {
        var values = service["environment"]?.objectValue ?? [:]
        for line in service["environment"]?.arrayValue ?? [] {
            guard let text = line.stringValue else { continue }
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            values[parts[0]] = parts.count > 1 ? .string(parts[1]) : .null
        }
        values["OPSLAB_OUTPUT"] = .string(log)
        return .object(values)
    }

    private func environmentFiles(_ service: JSONValue) -> JSONValue? {
        guard let value = service["env_file"] else { return nil }
        let paths = (value.arrayValue ?? [value]).compactMap { $0.stringValue ?? $0["path"]?.stringValue }
        return .array(paths.map { .string(self.absolute($0)) })
    }

    /// What it mounts: configuration and changing directories from the lab's own, everything else as it is, to be read only.
    private func mounts(of service: String) -> [JSONValue] {
        self.plan.mounts(of: service).map { mount in
            guard let path = mount.path(in: self.plan.directory) else {
                return .string([mount.source, mount.target].compactMap(\.self).joined(separator: ":"))
            }
            if let name = self.plan.configuration.first(where: { $0.value == path })?.key {
                return .string("${OPSLAB_HOME}/target/config/\(name):\(mount.target):ro")
            }
            if self.plan.lies(path) == .whole { return .string("${OPSLAB_HOME}/target/var:\(mount.target)") }
            return .string("\(path):\(mount.target):ro")
        }
    }

    /// The lab's volumes, and those that the person's services name.
    private var volumes: [String: JSONValue] {
        var volumes = self.lab.others["volumes"]?.objectValue ?? [:]
        let named = self.application.programs.flatMap { self.plan.mounts(of: $0.service) }.filter { !$0.isBind }
        for name in named.compactMap(\.source) where volumes[name] == nil {
            volumes[name] = ["name": .string("${OPSLAB_PREFIX}\(name)")]
        }
        return volumes
    }

    /// `secrets` or `configs` of the person's file, found from wherever Compose is asked.
    private func files(_ key: String) -> JSONValue? {
        guard let all = self.plan.compose.others[key]?.objectValue else { return nil }
        return .object(
            all.mapValues { entry in
                guard var object = entry.objectValue, let file = object["file"]?.stringValue else { return entry }
                object["file"] = .string(self.absolute(file))
                return .object(object)
            }
        )
    }

    private func absolute(_ path: String) -> String {
        ApplicationMount.normal(path.hasPrefix("/") ? path : "\(self.plan.directory)/\(path)")
    }
}
