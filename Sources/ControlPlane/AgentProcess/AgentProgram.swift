import AgentOps
import GateClient
import OpsCommand
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// `ControlPlane agent`: reads one key, gives up everything else, and works incidents until it is stopped.
enum AgentProgram {
    static let name = "agent"

    /// Runs until a signal; never comes back.
    ///
    /// - Important: Call it before any thread is started: the kernel's restriction binds the calling thread and what comes
    ///   from it.
    static func start(_ arguments: [String]) -> Never {
        if arguments.contains("--help") || arguments.contains("-h") { help() }
        let logger: Logger
        let host: AgentHost
        let recorder: Recorder
        do {
            let configuration = try AgentConfiguration.load(
                arguments: arguments,
                environment: ProcessEnvironment.current
            )
            logger = Logger(label: name, level: configuration.logLevel)
            let key = try APIKeyFile.read(configuration.gateKey)
            becomeUndumpable()
            confine(configuration, logger)
            let client = AgentHostClient(ServiceClient(base: configuration.gate, key: key))
            recorder = try record(configuration, logger)
            host = AgentHost(configuration: configuration, client: client, recorder: recorder, logger: logger)
        } catch {
            stop(error)
        }
        MainThread.run { await ServiceGroup(services: [host, recorder], logger: logger).run() }
    }

    private static func record(_ configuration: AgentConfiguration, _ logger: Logger) throws -> Recorder {
        guard let record = configuration.record else { return .disabled }
        let registration = Registration(
            id: "agent-\(configuration.name)",
            name: configuration.name,
            kind: .agent,
            version: AgentHost.version
        )
        return try Recorder(record, registration: registration, logger: logger)
    }

    private static func help() -> Never {
        let text = AgentConfiguration.help(program: "ControlPlane agent")
        MainThread.run {
            Terminal.out(text)
            return 0
        }
    }

    private static func stop(_ error: any Error) -> Never {
        let code = error is ConfigurationError ? ConfigurationError.exitCode : 1
        let text = "ControlPlane agent: \(error)"
        MainThread.run {
            Terminal.err(text)
            return code
        }
    }

    /// From here on the process opens its own directories and the system's libraries, and reaches the gate and the record.
    private static func confine(_ configuration: AgentConfiguration, _ logger: Logger) {
        guard configuration.isConfined else { return }
        // Dispatch reads /proc/TID/stat of its own threads and traps when it may not; threads have no common directory
        // there, so all of /proc stays readable. Other users' processes hide what matters by being undumpable.
        let names = ["/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf"]
        let files =
            ["/proc", "/usr", "/lib", "/lib64", "/etc/ssl", "/dev/urandom", configuration.record?.passwordFile] + names
        let outcome = Landlock.restrict(
            readOnly: files.compactMap(\.self),
            readWrite: [configuration.state, configuration.record?.spool, "/dev/null"].compactMap(\.self).filter {
                !$0.isEmpty
            },
            connectPorts: configuration.ports
        )
        switch outcome {
        case .enforced(let abi, let network):
            logger.info("confined", ["landlock": .int(abi), "ports": .bool(network)])
        case .unsupported(let reason): logger.warning("not confined", ["reason": .string(reason)])
        }
    }
}
