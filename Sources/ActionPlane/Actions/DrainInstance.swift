import OpsModel
import OpsRuntime
import OpsSystem

/// Sends one of several instances no more requests, or lets it have its share again.
///
/// It stays up with whatever is wrong with it, for somebody to look at; requests that it has begun come to their end. The last
/// one that serves is never taken out. The component in front keeps this in its memory: its restart ends it.
struct DrainInstance: RemediationAction {
    private let balancer: Target.Balancer
    private let component: Target.ProcessComponent
    private let rotation: any Rotation
    private let control: any ProcessControl

    /// Nil when the component in front has fewer than two instances behind it.
    init?(_ target: Target, _ rotation: any Rotation, control: any ProcessControl) {
        guard let balancer = target.balancer,
            let component = target.processes.first(where: { $0.name == balancer.drains }),
            component.instances.count > 1
        else { return nil }
        self.balancer = balancer
        self.component = component
        self.rotation = rotation
        self.control = control
    }

    var description: ActionDescription {
        ActionDescription(
            name: "drain-instance",
            version: 1,
            title: "Send one instance no more requests, or again",
            parameters: schema.json,
            kinds: ["http"],
            risk: "low",
            downtimeS: 0,
            undo: "the same with back: true",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(name: "component", kind: .word([component.name]), summary: "whose instance it is", isRequired: true),
            .init(
                name: "instance",
                kind: .word(component.instances.map(\.name)),
                summary: "the instance",
                isRequired: true
            ),
            .init(name: "back", kind: .boolean, summary: "true gives it its share again; without it, it gets nothing"),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let name = parameters["instance"]?.stringValue ?? ""
        let isDraining = parameters["back"] != true
        let front = try await control.status(of: balancer.program)
        let places = try await rotation.places()
        // Which of the others is suspect at a moment changes by the second; who was drained by somebody does not.
        let drained = places.filter { $0.value == .draining }.keys.sorted()
        let isThere = drained.contains(name) == isDraining
        let others = places.filter { $0.key != name && $0.value == .healthy }.keys.sorted()
        let step = ActionStep(isDraining ? "drain" : "undrain", name, before: front.fact)
        return PreparedAction(
            of: description,
            facts: ["process.\(balancer.program)": front.fact, "drained": .array(drained.map(JSONValue.string))],
            diff: isDraining
                ? ["- \(name): gets its share of the requests", "+ \(name): gets none"]
                : ["- \(name): gets no requests", "+ \(name): gets its share"],
            blastRadius: isDraining
                ? "\(others.joined(separator: ", ")) carries all requests of \(component.name)"
                : "\(name) gets a share of all requests of \(component.name) again, whether it is well or not",
            claims: [.process(balancer.program): nil],
            steps: isThere ? [] : [step],
            refusals: refusals(name, places, isThere: isThere, isDraining: isDraining, others: others)
        )
    }

    private func refusals(
        _ name: String,
        _ places: [String: RotationPlace],
        isThere: Bool,
        isDraining: Bool,
        others: [String]
    ) -> [String] {
        if places[name] == nil { return ["\(balancer.component) does not know \(name)"] }
        if isThere { return [isDraining ? "\(name) gets no requests already" : "\(name) has its share"] }
        return isDraining && others.isEmpty ? ["no other instance of \(component.name) answers as it should"] : []
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard try await control.status(of: balancer.program).identity == step.identity else {
            throw ActionError(.factsDrifted, "another process runs as \(balancer.program) by now")
        }
        try await rotation.set(step.subject, isDraining: step.name == "drain")
    }

    /// A component in front that started anew has forgotten who was drained, by whomever.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        let isDraining = try await rotation.places()[step.subject] == .draining
        return isDraining == (step.name == "drain") ? .after : .before
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        ["places": .object(try await rotation.places().mapValues { .string($0.rawValue) })]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        for step in intent.steps[...index] { try await rotation.set(step.subject, isDraining: step.name != "drain") }
    }
}
