internal import OpsModel
internal import OpsSpec

/// From the first look to a cause.
extension ResponseStateMachine {
    mutating func surveyed(_ answers: [ReadAnswer]) -> Step {
        board.record(asked, answers)
        return search()
    }

    /// What is seen, in words.
    private var seen: [String] { unique(symptoms.map(\.words).filter { !$0.isEmpty }) }

    private mutating func search() -> Step {
        let words = seen + incident.pages.map(\.summary)
        searches += 1
        searchedWords.formUnion(seen)
        phase = .searching
        let question = words.isEmpty ? "requests fail" : words.joined(separator: ". ")
        // Among many words, the one sign that only one runbook knows counts little: so each is searched for by itself, too.
        let each = words.count > 1 ? seen.prefix(Self.mostSigns).map { Self.query($0, limit: Self.perSign) } : []
        return ask([Self.query(question, limit: patience.runbooks), ReadQuery(read: "past.incidents")] + each)
    }

    private static let mostSigns = 8
    private static let perSign = 2

    private static func query(_ question: String, limit: Int) -> ReadQuery {
        let parameters: [String: JSONValue] = ["q": .string(Self.shortened(question)), "limit": .int(limit)]
        return ReadQuery(read: "runbook.search", parameters: parameters)
    }

    /// A question that fits the search, cut between two words.
    private static func shortened(_ question: String) -> String {
        guard question.utf8.count > longestQuestion else { return question }
        let cut = String(decoding: question.utf8.prefix(longestQuestion), as: UTF8.self)
        return cut.split(separator: " ").dropLast().joined(separator: " ")
    }

    private static let longestQuestion = 1_500

    mutating func searched(_ answers: [ReadAnswer]) -> Step {
        recollection = Recollection(answers.dropFirst().first)
        var known: Set<String> = []
        let found = (answers.prefix(1) + answers.dropFirst(2)).flatMap(Self.hits)
        hits = recollection.ordered(found.filter { known.insert($0.id).inserted })
        guard !hits.isEmpty else {
            if !bindings.isEmpty { return look() }
            return standBy() ?? handOver("no runbook speaks of these symptoms", about: nil)
        }
        phase = .fetching
        return ask(hits.map { ReadQuery(read: "runbook.get", parameters: ["id": .string($0.id)]) })
    }

    /// The hits of a search, whether they came as the value or as rows.
    private static func hits(_ answer: ReadAnswer) -> [RunbookHit] {
        let items = answer.value.arrayValue ?? answer.rows
        // An entry that is no hit is left out; the others still help.
        return items.compactMap { try? $0.decoded(as: RunbookHit.self) }
    }

    mutating func fetched(_ answers: [ReadAnswer]) -> Step {
        let runbooks = zip(hits, answers).compactMap { hit, answer -> Runbook? in
            let text =
                answer.value.stringValue ?? answer.value["text"]?.stringValue ?? answer.fields["text"]?.stringValue
            // A runbook that cannot be read is one runbook less, never a reason to stop.
            return text.flatMap { try? Runbook.parse($0, file: hit.path) }
        }
        let neighbourhood = self.neighbourhood
        let found = runbooks.enumerated().flatMap { rank, runbook in
            neighbourhood.components(of: runbook.kind).map { component in
                Binding(runbook: runbook, component: component, rank: rank, neighbourhood: neighbourhood)
            }
        }
        // What an earlier search found may still be right.
        bindings = found + bindings.filter { old in !runbooks.contains { $0.id == old.runbook.id } }
        guard !bindings.isEmpty else {
            return standBy() ?? handOver("no runbook that can be read speaks of these symptoms", about: nil)
        }
        return look()
    }

    mutating func look() -> Step {
        phase = .looking
        looks += 1
        return ask(unique(assessor.questions + (looks > 1 ? Survey(neighbourhood: neighbourhood).questions : [])))
    }

    mutating func looked(_ answers: [ReadAnswer]) -> Step {
        board.record(asked, answers)
        if let calm = standBy() {
            sparedLooks += 1
            return calm
        }
        let ranked = candidates
        let writer = DiagnosisWriter(ranked: ranked, symptoms: symptoms, now: now, recollection: recollection)
        guard let best = ranked.first, best.standing == .supported, best.mechanism != .none else {
            favourite = nil
            return lookAgain(ranked.first)
        }
        let isSteady = favourite == best.key
        favourite = best.key
        if isSteady || writer.confidence(in: best) == .high && !leadsToHandOver(best, writer) {
            phase = .diagnosing(best)
            return .diagnose(writer.diagnosis(best))
        }
        return lookAgain(best)
    }

    /// Touches nothing and calls nobody while customers are well: the page will clear, or they will suffer again.
    ///
    /// Nil when they are not, or when their page has stayed out for so long that it must be about something else.
    private mutating func standBy() -> Step? {
        guard customers.areWell, calmLooks < patience.calm else { return nil }
        calmLooks += 1
        favourite = nil
        phase = .pausing
        return .pause(milliseconds: patience.pause)
    }

    /// A hand-over ends the incident, so that one look is not enough for it.
    private func leadsToHandOver(_ best: AssessedHypothesis, _ writer: DiagnosisWriter) -> Bool {
        let planner = Planner(
            actions: incident.actions,
            board: board,
            ranked: assessor.ranked,
            actionsLeft: incident.actionsLeft
        )
        if case .escalate = planner.plan(for: best, statement: writer.statement(best)) { return true }
        return false
    }

    /// Hypotheses that have not failed yet.
    ///
    /// One that a person refused once is kept, but behind the others.
    var candidates: [AssessedHypothesis] {
        let open = assessor.ranked.filter { !failed.contains($0.key) }
        let supported = open.filter { $0.standing == .supported }
        let fresh = supported.filter { denied[$0.key] == nil }
        let refused = supported.filter { denied[$0.key] != nil }
        return fresh + refused + open.filter { $0.standing != .supported }
    }

    /// Searches anew when nothing that was read explains what is seen, and something is seen that was not searched for.
    private mutating func searchAgain(_ best: AssessedHypothesis?) -> Step? {
        guard best?.standing != .supported, searches < patience.searches, !searchedWords.isSuperset(of: seen) else {
            return nil
        }
        return search()
    }

    private mutating func lookAgain(_ best: AssessedHypothesis?) -> Step {
        if let again = searchAgain(best) { return again }
        guard looks - sparedLooks < patience.looks else {
            let isCalm = best?.standing == .supported && best?.mechanism == Mechanism.none
            let reason =
                isCalm ? "nothing is broken as far as the reads show" : "no explanation is borne by the evidence"
            return handOver(reason, about: best.flatMap { $0.standing == .refuted || isCalm ? nil : $0 })
        }
        phase = .pausing
        return .pause(milliseconds: patience.pause)
    }

    mutating func resumed(_ incident: AgentIncident) -> Step {
        self.incident = incident
        switch incident.state {
        case .resolved: return finish("the incident is resolved")
        case .escalated: return finish("the incident is with a person")
        default: return bindings.isEmpty ? survey() : look()
        }
    }

    private func unique(_ questions: [ReadQuery]) -> [ReadQuery] {
        var seen: Set<ReadQuery> = []
        return questions.filter { seen.insert($0).inserted }
    }

    private func unique(_ words: [String]) -> [String] {
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }
}
