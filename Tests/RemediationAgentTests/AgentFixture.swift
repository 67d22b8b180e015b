import OpsModel
import OpsSpec
import RemediationAgent

/// A gate without a system behind it: answers come from a table, the runbooks are the real ones.
final actor FakeGate: IncidentGate {
    private(set) var transcript: [String] = []
    private(set) var diagnoses: [Diagnosis] = []
    private(set) var proposals: [Proposal] = []
    private(set) var escalations: [Escalation] = []
    private let world: World
    private var outcomes: [ProposalState]
    private let reason: String?
    private var number = 0

    init(_ world: World, outcomes: [ProposalState] = [.recovered], reason: String? = nil) {
        self.world = world
        self.reason = reason
        self.outcomes = outcomes
    }

    func incident() async throws -> AgentIncident { world.incident }

    func read(_ questions: [ReadQuery]) async throws -> [ReadAnswer] {
        questions.map { question in
            number += 1
            var answer = world.answer(question)
            answer.evidence = "ev-\(number)"
            return answer
        }
    }

    func diagnose(_ diagnosis: Diagnosis) async throws {
        diagnoses.append(diagnosis)
        transcript.append("diagnosis \(diagnosis.component) \(diagnosis.mechanism) \(diagnosis.confidence.rawValue)")
    }

    func propose(_ proposal: Proposal) async throws -> ProposalReceipt {
        proposals.append(proposal)
        transcript.append("propose \(proposal.options.map(\.title).joined(separator: " | "))")
        return ProposalReceipt(proposal: "p-\(proposals.count)", state: .pending)
    }

    func escalate(_ escalation: Escalation) async throws {
        escalations.append(escalation)
        transcript.append("escalate \(escalation.component ?? "-") \(escalation.mechanism ?? "-")")
    }

    func outcome(of proposal: String, wait seconds: Int) async throws -> ProposalOutcome {
        let state = outcomes.isEmpty ? ProposalState.recovered : outcomes.removeFirst()
        transcript.append("outcome \(state.rawValue)")
        let steps = state == .notRecovered ? [StepOutcome(action: "x", state: .done, message: "done")] : []
        return ProposalOutcome(proposal: proposal, state: state, reason: reason, steps: steps)
    }
}

/// What the reads say, by `component read{selector}`; anything else looks healthy.
struct World: Sendable {
    var names: [String: String] = [:]
    var answers: [String: ReadAnswer] = [:]
    var page = "checkout"
    var runbooks: [Runbook]
    var texts: [String: String]

    init(without hidden: Set<String> = []) throws {
        let folder = try RunbookFolder.load("runbooks")
        runbooks = folder.runbooks.filter { !hidden.contains($0.id) }
        texts = try Dictionary(uniqueKeysWithValues: runbooks.map { ($0.id, try Self.text($0.path)) })
    }

    private static func text(_ path: String) throws -> String {
        try readDocument(path)
    }

    /// Sets an answer: `set("db", "pg.blockers", 3)`.
    mutating func set(
        _ component: String?,
        _ read: String,
        _ value: JSONValue,
        selector: [String] = [],
        instance: String? = nil,
        fields: [String: JSONValue] = [:],
        rows: [JSONValue] = []
    ) {
        let unit = ReadVocabulary.read(read)?.unit
        answers[Self.key(component, read, selector, instance)] = ReadAnswer(
            read: read,
            component: component,
            instance: instance,
            selector: selector,
            status: .ok,
            value: value,
            unit: unit,
            fields: fields,
            rows: rows
        )
    }

    private static func key(_ component: String?, _ read: String, _ selector: [String], _ instance: String?) -> String {
        "\(component ?? "-") \(read) \(selector) \(instance ?? "-")"
    }

    func answer(_ question: ReadQuery) -> ReadAnswer {
        if question.read == "runbook.search" { return search(question) }
        if question.read == "runbook.get" {
            let id = question.parameters["id"]?.stringValue ?? ""
            return ReadAnswer(read: question.read, status: .ok, value: .string(texts[id] ?? ""))
        }
        let key = Self.key(question.component, question.read, question.selector, question.instance)
        return answers[key] ?? healthy(question)
    }

    private func search(_ question: ReadQuery) -> ReadAnswer {
        let index = RunbookIndex(runbooks, now: .now())
        let limit = question.parameters["limit"]?.intValue ?? 8
        let hits = index.search(question.parameters["q"]?.stringValue ?? "", limit: limit)
        return ReadAnswer(
            read: question.read,
            status: .ok,
            value: .array(hits.compactMap { try? JSONValue(encoding: $0) })
        )
    }

    /// What a system answers that is well.
    private func healthy(_ question: ReadQuery) -> ReadAnswer {
        let unit = ReadVocabulary.read(question.read)?.unit
        var answer = ReadAnswer(
            read: question.read,
            component: question.component,
            instance: question.instance,
            selector: question.selector,
            status: .ok,
            unit: unit
        )
        switch question.read {
        case "probe.result": answer.value = "ok"
        case "process.state": answer.value = "running"
        case "pool.max": answer.value = 10
        case "journey.good_ratio": answer.value = 0.6
        case "cache.hit_ratio": answer.value = 0.9
        case "pg.root_blocker", "pg.schema_version": answer.value = 0
        case "disk.writable": answer.value = true
        case "dns.answer", "tcp.retransmits":
            answer.status = .unsupported
            answer.reason = "not in this release"
        default: answer.value = 0
        }
        if question.read == "journey.failures_by", question.selector.last == "code" {
            answer.fields = ["top": "500", "bad": 20]
        }
        if question.read == "probe.latency" || question.read == "call.latency" { answer.fields = ["ratio": 1] }
        if question.read == "pg.statement_vs_baseline" { answer.fields = ["ratio": 1] }
        return answer
    }

    var incident: AgentIncident {
        AgentIncident(
            id: "inc-1",
            state: .open,
            openedAt: .now(),
            pages: [
                Page(fingerprint: "f", journey: page, status: .firing, summary: "\(page): 60 % good", startedAt: .now())
            ],
            view: view,
            actions: Self.actions(view),
            actionsLeft: 4,
            autonomy: .approve
        )
    }

    var view: AgentView {
        // The shipped topology is checked by its own tests.
        guard let view = try? Topology.load("compose/topology.yaml").agentView else {
            return AgentView(system: "", journeys: [], components: [], actionsPerIncident: 0)
        }
        return renamed(view)
    }

    private func renamed(_ view: AgentView) -> AgentView {
        var view = view
        view.components = view.components.map { component in
            var component = component
            component.instances = component.instances.map { $0.replacingName(component.name, name(component.name)) }
            component.name = name(component.name)
            component.needs = component.needs.map(name)
            return component
        }
        return view
    }

    func name(_ original: String) -> String { names[original] ?? original }

    private static func actions(_ view: AgentView) -> [ActionDescription] {
        let table: [(String, [String], String, Double)] = [
            ("restart-service", ["component", "instance"], "medium", 1), ("restart-api", [], "medium", 2),
            ("restart-db", ["component"], "high", 3), ("regenerate-env", ["file"], "high", 2),
            ("clear-cache", ["component"], "low", 0),
            ("switch-to-fallback", ["component", "to"], "medium", 1),
            ("rotate-credential", ["component", "key"], "medium", 1),
            ("terminate-sessions", ["component", "which", "at_most"], "low", 0),
            ("set-flag", ["flag", "value"], "low", 0),
        ]
        return table.map { name, parameters, risk, downtime in
            ActionDescription(
                name: name,
                version: 1,
                title: name,
                parameters: [
                    "properties": .object(Dictionary(uniqueKeysWithValues: parameters.map { ($0, ["type": "string"]) }))
                ],
                kinds: [],
                risk: risk,
                downtimeS: downtime,
                undo: "",
                isReversible: true
            )
        }
    }
}

extension String {
    fileprivate func replacingName(_ old: String, _ new: String) -> String {
        self == old ? new : hasPrefix(old + "-") ? new + dropFirst(old.count) : self
    }
}
