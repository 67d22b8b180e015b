public import OpsModel
internal import OpsSpec

/// Decides what the agent does next in one incident, and does none of it.
///
/// Tell it what happened and carry out the step it returns. It never sleeps and never calls the gate, so a test reads as a
/// transcript. It knows no fault and no component: what to look for comes from runbooks, what there is from the incident.
///
/// - Important: Carry out each step exactly once, and report its outcome before asking for the next.
public struct ResponseStateMachine: Sendable {
    /// What the agent does next.
    public enum Step: Hashable, Sendable {
        /// Ask; report ``Event/answers(_:)``.
        case read([ReadQuery])
        /// Let so many milliseconds pass, ask how the incident stands, report ``Event/incident(_:)``.
        case pause(milliseconds: Int)
        /// Record the diagnosis; report ``Event/recorded``.
        case diagnose(Diagnosis)
        /// Ask to act; report ``Event/receipt(_:)``.
        case propose(Proposal)
        /// Wait for news of a proposal; report ``Event/outcome(_:)``.
        case wait(proposal: String)
        /// Hand over; report ``Event/recorded``.
        case escalate(Escalation)
        /// Nothing more to do, for this reason.
        case finish(String)
    }

    /// What happened.
    public enum Event: Sendable {
        case incident(AgentIncident)
        case answers([ReadAnswer])
        case recorded
        case receipt(ProposalReceipt)
        case outcome(ProposalOutcome)
    }

    enum Phase: Sendable {
        case surveying
        case searching
        case fetching
        case looking
        case pausing
        case diagnosing(AssessedHypothesis)
        case proposing
        case waiting
        case escalating
        case finished
    }

    /// How patient the agent is.
    public struct Patience: Sendable {
        /// Looks before it gives up on a first explanation.
        public var looks = 14
        /// Milliseconds between looks.
        public var pause = 1_000
        /// Runbooks that it reads for one set of symptoms.
        public var runbooks = 8
        /// Searches for one incident: what is seen later may be about something else.
        public var searches = 3
        /// Looks at customers who are well while their page is out, before it goes on as if they were not.
        public var calm = 15
        /// Refusals by a person before it stops asking.
        public var denials = 2

        /// The defaults.
        public init() {}
    }

    var incident: AgentIncident
    let patience: Patience
    let now: Timestamp
    var phase = Phase.surveying
    var board = EvidenceBoard()
    var asked: [ReadQuery] = []
    var hits: [RunbookHit] = []
    var recollection = Recollection()
    var bindings: [Binding] = []
    /// What runbooks were searched for, in words.
    var searchedWords: Set<String> = []
    var searches = 0
    var looks = 0
    /// How often customers were well although their page was out.
    var calmLooks = 0
    /// Those of the looks that found customers well; they use up none of its patience.
    var sparedLooks = 0
    var favourite: HypothesisKey?
    /// Explanations whose repair did not help.
    var failed: Set<HypothesisKey> = []
    /// Explanations whose repair came to nothing once: the world had moved between the plan and the act.
    var missed: Set<HypothesisKey> = []
    /// Explanations whose repair a person refused.
    var denied: [HypothesisKey: Int] = [:]
    /// Why the repair of an explanation came to nothing, in the words of whoever said so; whoever is asked again hears it.
    var objections: [HypothesisKey: String] = [:]
    var current: HypothesisKey?
    var repairsTried = 0
    var lastReason: String?

    /// A machine for an incident; `now` decides which runbooks are stale.
    public init(incident: AgentIncident, patience: Patience = Patience(), now: Timestamp) {
        self.incident = incident
        self.patience = patience
        self.now = now
        takeUp(incident)
    }

    /// The first step: to wait for what is under way already, else to look.
    public mutating func start() -> Step {
        if let open = incident.proposals.last, open.state.isMoving {
            phase = .waiting
            return .wait(proposal: open.proposal)
        }
        return survey()
    }

    mutating func survey() -> Step {
        board = EvidenceBoard()
        favourite = nil
        phase = .surveying
        return ask(Survey(neighbourhood: neighbourhood).questions)
    }

    /// The step after an event.
    public mutating func on(_ event: Event) -> Step {
        switch (phase, event) {
        case (.surveying, .answers(let answers)): return surveyed(answers)
        case (.searching, .answers(let answers)): return searched(answers)
        case (.fetching, .answers(let answers)): return fetched(answers)
        case (.looking, .answers(let answers)): return looked(answers)
        case (.pausing, .incident(let incident)): return resumed(incident)
        case (.diagnosing(let hypothesis), .recorded): return plan(hypothesis)
        case (.proposing, .receipt(let receipt)): return received(receipt)
        case (.waiting, .outcome(let outcome)): return concluded(outcome)
        case (.escalating, .recorded): return finish(lastReason ?? "handed over")
        case (.finished, _): return .finish(lastReason ?? "finished")
        default: return finish("something happened that does not belong here")
        }
    }

    var neighbourhood: Neighbourhood {
        let firing = incident.pages.filter { $0.status == .firing }
        let pages = (firing.isEmpty ? incident.pages : firing).sorted { ($0.burn ?? 0) > ($1.burn ?? 0) }
        return Neighbourhood(view: incident.view, journeys: Self.journeys(pages, incident.view))
    }

    /// The journeys that pages name; all there are when no page names one, so that whoever pages about something else is not
    /// believed before somebody suffers.
    private static func journeys(_ pages: [Page], _ view: AgentView) -> [String] {
        let known = view.journeys.map(\.name)
        guard !known.isEmpty else { return unique(pages.map(\.journey)) }
        let named = unique(pages.map(\.journey)).filter(known.contains)
        return named.isEmpty ? known : named
    }

    var customers: Customers { Customers(neighbourhood: neighbourhood, board: board) }

    var assessor: Assessor { Assessor(bindings: bindings, board: board, recollection: recollection) }

    var symptoms: [Symptom] { SymptomReader(neighbourhood: neighbourhood, board: board).symptoms }

    mutating func ask(_ questions: [ReadQuery]) -> Step {
        asked = questions
        return .read(questions)
    }

    mutating func finish(_ reason: String) -> Step {
        phase = .finished
        lastReason = reason
        return .finish(reason)
    }
}
