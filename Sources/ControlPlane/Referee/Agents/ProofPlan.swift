import OpsModel
import OpsScenario
import OpsSpec

/// Turns one action of a known behaviour into the parameters that an agent would propose; asks nobody.
///
/// The catalogue's own schema decides what is sent: a behaviour that it has no place for cannot be carried out.
struct ProofPlan: Sendable {
    var binding: RoleBinding
    var draw: Draw
    /// The components that were broken, in the order in which they were.
    var broken: [String]
    /// The application's roles in each database of the topology.
    var sessionOwners: [String: [String]] = [:]
    /// The jobs that were put into a queue, by their ids.
    var jobs: [Int] = []

    func option(_ step: Scenario.ProofStep, from catalogue: [ActionDescription]) throws(ProofError) -> ProposedOption {
        guard let action = catalogue.first(where: { $0.name == step.action }) else {
            throw ProofError("there is no action \(step.action) here")
        }
        let schema = ActionForm(action)
        let parameters = isAboutAllSessions(step) ? allSessions(schema) : [try parameters(of: step, schema)]
        return ProposedOption(
            title: "\(step.action) \(draw.resolve(step.argument))",
            steps: parameters.map { ProposedStep(action: step.action, parameters: $0) }
        )
    }

    private func isAboutAllSessions(_ step: Scenario.ProofStep) -> Bool {
        step.action == "terminate-sessions" && step.argument == "all"
    }

    /// The sessions of every role of the application, then whoever blocks them.
    ///
    /// In this order each step finds what was shown: with the blocker gone the application's sessions would come and go again.
    private func allSessions(_ schema: ActionForm) -> [[String: JSONValue]] {
        let database = database(schema)
        return (sessionOwners[database] ?? []).map { sessions(of: $0, schema) }
            + [["which": "blocker", "component": .string(database)]]
    }

    /// A component's sessions run under a role of its own name.
    private func sessions(of owner: String, _ schema: ActionForm) -> [String: JSONValue] {
        ["which": "owner", "owner": .string(owner), "component": .string(database(schema))]
    }

    private func database(_ schema: ActionForm) -> String {
        let databases = schema.words("component") ?? []
        return broken.first(where: databases.contains) ?? databases.first ?? ""
    }

    private func parameters(of step: Scenario.ProofStep, _ schema: ActionForm) throws(ProofError) -> [String: JSONValue]
    {
        if step.action == "terminate-sessions", let owner = binding.components[step.argument] {
            return sessions(of: owner, schema)
        }
        if let role = binding.components[step.argument] {
            guard let allowed = schema.words("component") else { return [:] }
            guard allowed.contains(role) else { throw ProofError("\(step.action) cannot be done to \(role)") }
            return ["component": .string(role)].merging(job(schema)) { own, _ in own }
        }
        let word = draw.resolve(step.argument)
        if step.action == "set-flag" { return ["flag": .string(word), "value": false] }
        if step.action == "shed-load" {
            let front = schema.words("component")?.first ?? ""
            return ["component": .string(front), "route": .string(word), "ratio": 85, "for_s": 24]
        }
        if let (component, instance) = unit(word, schema) {
            var parameters: [String: JSONValue] = ["instance": .string(instance)]
            if schema.words("component") != nil { parameters["component"] = .string(component) }
            return parameters
        }
        var parameters: [String: JSONValue] = [:]
        if let name = schema.parameter(taking: word) { parameters[name] = .string(word) }
        if let component = component(schema) { parameters["component"] = .string(component) }
        return parameters
    }

    /// The job that is meant where an action is about one.
    private func job(_ schema: ActionForm) -> [String: JSONValue] {
        guard schema.requires("id"), let job = jobs.first else { return [:] }
        return ["id": .int(job)]
    }

    /// Components in the order in which a behaviour that names none can mean them.
    private var candidates: [String] { broken + binding.components.values.sorted() + binding.units.keys.sorted() }

    /// The instance that a word means, of the first component that has one which this action takes.
    private func unit(_ word: String, _ schema: ActionForm) -> (component: String, instance: String)? {
        let instances = schema.words("instance") ?? []
        return candidates.lazy.map { ($0, binding.unit(word, of: $0)) }.first { instances.contains($0.1) }
    }

    /// A broken component that this action takes; another one only where the action has to have one.
    private func component(_ schema: ActionForm) -> String? {
        guard let allowed = schema.words("component") else { return nil }
        return broken.first(where: allowed.contains)
            ?? (schema.requires("component") ? candidates.first(where: allowed.contains) ?? allowed.first : nil)
    }
}

/// Why a known behaviour could not be carried out.
struct ProofError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
