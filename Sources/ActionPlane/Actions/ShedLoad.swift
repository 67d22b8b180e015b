import OpsModel
import OpsRuntime
import OpsSystem

/// Turns part of the customers' requests away for a while, so that the rest of the work can be done.
///
/// The component in front holds the end of it: it ends when nobody comes back, and with its restart. In the last third of its time the
/// share falls to nothing, so that what was overloaded does not get everything back at one moment. Two at a time are refused.
struct ShedLoad: RemediationAction {
    /// The word for every route that may be turned away.
    private static let everyRoute = "all"
    private static let usualSeconds = 30

    private let balancer: Target.Balancer
    private let floodgate: any Floodgate
    private let control: any ProcessControl

    /// Nil when the component in front turns nothing away.
    init?(_ target: Target, _ floodgate: any Floodgate, control: any ProcessControl) {
        guard let balancer = target.balancer, !balancer.sheds.isEmpty else { return nil }
        self.balancer = balancer
        self.floodgate = floodgate
        self.control = control
    }

    var description: ActionDescription {
        ActionDescription(
            name: "shed-load",
            version: 1,
            title: "Turn part of the requests away for a while",
            parameters: self.schema.json,
            kinds: ["http"],
            risk: "medium",
            downtimeS: 0,
            undo: "it ends by itself, or nothing is turned away any more at once",
            isReversible: true
        )
    }

    var schema: ParameterSchema {
        ParameterSchema(properties: [
            .init(
                name: "component",
                kind: .word([self.balancer.component]),
                summary: "who turns away",
                isRequired: true
            ),
            .init(
                name: "route",
                kind: .word([Self.everyRoute] + self.balancer.sheds),
                summary: "which requests; all without it"
            ),
            .init(name: "ratio", kind: .integer(5...95), summary: "how many of a hundred", isRequired: true),
            .init(name: "for_s", kind: .integer(5...120), summary: "seconds, \(Self.usualSeconds) without it"),
        ])
    }

    func prepare(_ parameters: [String: JSONValue]) async throws(ActionError) -> PreparedAction {
        let front = try await self.control.status(of: self.balancer.program)
        let live = try await self.floodgate.look()
        let order = self.order(parameters, id: "")
        let routes = order.routes.joined(separator: ", ")
        let percent = Int((order.ratio * 100).rounded())
        let isBusy = live.leftS > 0
        return PreparedAction(
            of: self.description,
            facts: [
                "process.\(self.balancer.program)": front.fact,
                "shedding": isBusy ? .string(live.id ?? "") : .null,
            ],
            diff: [
                "- \(routes): every request is passed on",
                "+ \(routes): \(percent) % turned away for \(Int(order.forS)) s",
            ],
            blastRadius:
                "\(percent) of a hundred customers of \(routes) are turned away for up to \(Int(order.forS)) s",
            claims: [.process(self.balancer.program): nil],
            steps: isBusy ? [] : [ActionStep("shed", self.balancer.component, before: front.fact)],
            refusals: isBusy ? ["requests are turned away already, for \(Int(live.leftS.rounded(.up))) s more"] : []
        )
    }

    func perform(_ step: ActionStep, of intent: Intent) async throws(ActionError) {
        guard try await self.control.status(of: self.balancer.program).identity == step.identity else {
            throw ActionError(.factsDrifted, "another process runs as \(self.balancer.program) by now")
        }
        try await self.floodgate.begin(self.order(intent.parameters, id: intent.run))
    }

    /// The component in front remembers whose its latest order was, also when that is over.
    func state(of step: ActionStep, in intent: Intent) async throws(ActionError) -> StepState {
        try await self.floodgate.look().id == intent.run ? .after : .before
    }

    func postcheck(_ intent: Intent) async throws(ActionError) -> [String: JSONValue] {
        let live = try await self.floodgate.look()
        return ["share": .double(live.share), "left_s": .double(live.leftS)]
    }

    func compensate(_ intent: Intent, through index: Int) async throws(ActionError) {
        try await self.floodgate.end(intent.run)
    }

    private func order(_ parameters: [String: JSONValue], id: String) -> FloodgateOrder {
        let route = parameters["route"]?.stringValue ?? Self.everyRoute
        let seconds = Double(parameters["for_s"]?.intValue ?? Self.usualSeconds)
        return FloodgateOrder(
            id: id,
            routes: route == Self.everyRoute ? self.balancer.sheds : [route],
            ratio: Double(parameters["ratio"]?.intValue ?? 0) / 100,
            forS: seconds,
            rampS: seconds / 3
        )
    }
}
