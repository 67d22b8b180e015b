import Glibc
public import OpsCommand
import OpsHTTP
public import OpsRuntime
import OpsService

/// Finds the lab that a command line names.
struct LabLookup {
    /// `--instance NAME`, for every verb that talks to a lab.
    static let option = Option.value(
        "instance",
        "NAME",
        short: "i",
        help: "which lab (default: OPSLAB_INSTANCE, else \"default\")"
    )

    let locator: InstanceLocator
    let name: InstanceName
    /// How the lab has to run; nil where nobody said.
    private let expected: LabRuntime?

    /// `other` is the lab that is meant where nobody says; nil is `default`, or what the environment says.
    init(_ parsed: ParsedArguments, otherwise other: InstanceName? = nil) throws {
        let environment = ProcessEnvironment.current
        let typed = parsed.string("instance") ?? (other == nil ? environment["OPSLAB_INSTANCE"] : nil)
        self.name = try typed.map { try InstanceName($0) } ?? other ?? .standard
        self.expected = parsed.string(Self.expectation.name).flatMap(LabRuntime.init)
        self.locator = InstanceLocator(
            repository: try InstanceLocator.findRepository(environment: environment),
            environment: environment
        )
    }

    func labIgnoringRecord() -> Lab { Lab(unread: self.name, locator: self.locator, http: HTTPClient()) }

    /// `--runtime WHICH`, for every verb that may make a lab.
    static let runtimeOption = Option.value(
        "runtime",
        "WHICH",
        choices: LabRuntime.allCases.map(\.rawValue),
        help: "processes of this machine (local, default), or containers (compose); a lab keeps what it has"
    )

    /// `--runtime WHICH`, for every verb that works on a lab that is there.
    static let expectation = Option.value(
        "runtime",
        "WHICH",
        choices: LabRuntime.allCases.map(\.rawValue),
        help: "how the lab has to run, local or compose: refused when it runs in the other way"
    )

    /// Every other lab of this directory.
    var otherLayouts: [InstanceLayout] { locator.instances().filter { $0 != name }.map(locator.layout) }

    func lab() throws -> Lab { try Lab(self.name, locator: self.locator, http: HTTPClient()) }

    /// What the lab can do to its target, or could when it were made now.
    ///
    /// Where `count` labs are made, they are made as their scenarios need them. Of a lab that is not there nothing is said: whoever needs
    /// it says that it is missing.
    func abilities(orOf count: Int?) throws -> LabAbilities {
        let record = try count == nil ? self.lab().record : nil
        return LabAbilities(
            mayChangeNetwork: record?.mayChangeNetwork ?? (geteuid() == 0),
            hasProxy: record?.isProxied ?? true
        )
    }

    /// The lab, which runs in the way that was typed.
    func labAsExpected() throws -> Lab {
        let lab = try self.lab()
        try self.requireExpected(lab)
        return lab
    }

    func requireExpected(_ lab: Lab) throws { try lab.require(self.expected) }
}

extension RuntimeError: ExitCoded {
    /// The exit codes that the help documents.
    public var exitCode: Int32 {
        switch self.code {
        case .badApplication, .badName, .unknownProgram: ExitCode.usage
        case .busy, .noPermission: ExitCode.refused
        case .supervisorUnreachable, .notRunning: ExitCode.unreachable
        case .missingProgram, .missingUser, .portTaken, .diskFull, .noEngine, .engineTooOld, .imageMissing:
            ExitCode.unavailable
        case .stateDamaged: ExitCode.configuration
        case .clusterFailed, .componentFailed, .eventsLost, .supervisorRefused, .timedOut: ExitCode.failed
        }
    }
}
