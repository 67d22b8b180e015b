import OpsModel
import OpsPostgres
import OpsRuntime
import OpsSystem

/// Gives a database role a new password and brings everybody who uses it onto the new one: role, file, processes, login.
///
/// It goes forward after a crash, because the new secret was put aside first. When a step fails everything goes back: the
/// old verifier byte for byte, the old file, the processes.
struct RegenerateEnvironment: RemediationAction {
    let target: Target
    let database: Target.Database
    let rollout: ConfigurationRollout
    let secrets: StagedSecrets
    private var desk: DatabaseDesk { DatabaseDesk(configuration: database.administration) }

    init(_ target: Target, _ database: Target.Database, processes: ProcessSteps, secrets: StagedSecrets) {
        self.target = target
        self.database = database
        self.secrets = secrets
        rollout = ConfigurationRollout(target: target, processes: processes)
    }

    var description: ActionDescription {
        ActionDescription(
            name: "regenerate-env",
            version: 1,
            title:
                "Give the target's database role a new password, in the server and in the file, and restart its users",
            parameters: schema.json,
            kinds: ["postgres"],
            risk: "medium",
            downtimeS: 2,
            undo: "role, file and processes go back together when a step fails",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        let files = target.configurations.filter { !$0.passwords.isEmpty }
        return ParameterSchema(properties: [
            .init(name: "file", kind: .word(files.map(\.name)), summary: "the configuration file")
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let (file, key, role) = try subject(parameters)
        let hash = try ConfigurationStore(file: file).read().hash
        let verifier = try await desk.visit { connection in try await RoleVerifier(role).read(on: connection) }
        let users = target.users(of: file.name).map(\.name).joined(separator: ", ")
        let restarts = try await rollout.steps(file.name, from: hash, to: "")
        let fingerprint = StagedSecret.fingerprint(verifier)
        let claims: [SharedResource: String?] = [
            .role(role, of: database.component): nil, .configuration(file.name): nil,
        ]
        return PreparedAction(
            of: description,
            facts: [
                "file": .string(file.name), "configuration": .string(hash), "role": .string(role),
                "verifier": .string(fingerprint),
            ],
            diff: ["~ role \(role): new password", "~ \(file.name): \(key)"],
            blastRadius: "\(users) restart one after another; other sessions of \(role) stay until they reconnect",
            claims: claims.merging(rollout.claims(file.name)) { own, _ in own },
            steps: [ActionStep("alter-role", role, before: ["from": .string(fingerprint)], isResumable: true)]
                + restarts + [ActionStep("check-login", role, isCheck: true)]
        )
    }

    func stage(_ prepared: PreparedAction, run: String) async throws(ActionError) -> PreparedAction {
        let (file, key, role) = try subject(["file": prepared.plan.facts["file"] ?? .null])
        let password = StagedSecrets.random()
        let secret = try await desk.visit { connection in
            StagedSecret(
                password: password,
                verifier: try connection.scramVerifier(password: password, user: role),
                oldVerifier: try await RoleVerifier(role).read(on: connection)
            )
        }
        guard StagedSecret.fingerprint(secret.oldVerifier) == prepared.plan.facts["verifier"]?.stringValue else {
            throw ActionError(.factsDrifted, "somebody else changed the role's password in the same moment")
        }
        try secrets.write(secret, run: run)
        let new = try ConfigurationStore(file: file).read().setting(key, to: password)
        let fingerprint = StagedSecret.fingerprint(secret.verifier)
        var staged = prepared
        staged.claims[.role(role, of: database.component)] = fingerprint
        staged.claims[.configuration(file.name)] = new.hash
        for index in staged.steps.indices {
            switch staged.steps[index].name {
            case "alter-role": staged.steps[index].setDestination(fingerprint)
            case "write": staged.steps[index].setDestination(new.hash)
            default: continue
            }
        }
        return staged
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        switch step.name {
        case "alter-role":
            let secret = try secrets.read(StagedSecret.self, run: intent.run)
            try await setVerifier(step.subject, from: secret.oldVerifier, to: secret.verifier)
        case "write":
            let (_, key, _) = try subject(intent.parameters)
            let secret = try secrets.read(StagedSecret.self, run: intent.run)
            let new = try rollout.store(step.subject).read().setting(key, to: secret.password)
            try rollout.write(step, new, author: intent.run)
        case "check-login": try await checkLogin(step.subject, intent)
        default: try await rollout.processes.perform(step)
        }
    }

    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        switch step.name {
        case "alter-role":
            let live = try await desk.visit { connection in try await RoleVerifier(step.subject).read(on: connection) }
            switch StagedSecret.fingerprint(live) {
            case step.to: return .after
            case step.from: return .before
            default: return .other("somebody else changed the password of \(step.subject)")
            }
        case "check-login":
            // A login that fails is an answer, not an error; why it failed was said when it was tried.
            return (try? await checkLogin(step.subject, intent)) == nil ? .before : .after
        default: return try await rollout.state(of: step, in: intent)
        }
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        for step in intent.steps where step.name == "alter-role" {
            guard try await state(of: step, in: intent) != .before else { continue }
            let secret = try secrets.read(StagedSecret.self, run: intent.run)
            try await setVerifier(step.subject, from: secret.verifier, to: secret.oldVerifier)
        }
        try await rollout.takeBack(intent, author: intent.run)
    }

    func cleanUp(_ intent: Intent) async throws(ActionError) { try secrets.remove(run: intent.run) }

    private func setVerifier(_ role: String, from old: String, to new: String) async throws(ActionError) {
        try await desk.visit { connection in try await RoleVerifier(role).replace(old, by: new, on: connection) }
    }

    private func checkLogin(_ role: String, _ intent: Intent) async throws(ActionError) {
        var login = database.administration
        login.host = database.host
        login.port = database.port
        login.user = role
        login.password = try secrets.read(StagedSecret.self, run: intent.run).password
        _ = try await DatabaseDesk(configuration: login).query("SELECT 1")
    }

    /// The file, the key in it and the role whose password the key holds.
    private func subject(
        _ parameters: [String: JSONValue]
    ) throws(ActionError) -> (file: Target.ConfigurationFile, key: String, role: String) {
        let wanted = parameters["file"]?.stringValue
        let files = target.configurations.filter { !$0.passwords.isEmpty && (wanted == nil || $0.name == wanted) }
        guard let file = files.first, files.count == 1, let password = file.passwords.first, file.passwords.count == 1
        else {
            throw ActionError(.invalidParameters, "file: this topology has \(files.count) that hold one password")
        }
        return (file, password.key, password.value)
    }
}
