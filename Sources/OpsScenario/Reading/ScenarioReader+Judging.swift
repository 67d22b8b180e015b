internal import OpsModel
internal import OpsSpec
internal import OpsYAML

extension ScenarioReader {
    func readExpectation(_ top: inout YAMLMapping) -> Scenario.Expectation {
        var result = Scenario.Expectation(
            page: nil,
            cause: nil,
            alsoRight: [],
            end: .untouched,
            repairs: [],
            needless: []
        )
        guard let node = top.required("expect"), var map = YAMLMapping(node, "'expect'", sink) else { return result }
        defer { map.finish() }
        if var page = map.mapping("page") {
            result.page = page.requiredString("journey")
            page.finish()
        }
        result.cause = map.node("cause").flatMap(readCause)
        result.alsoRight = (map.list("also_right") ?? []).compactMap(readCause)
        let end = map.requiredString("end") ?? ""
        if let known = Scenario.End(rawValue: end) {
            result.end = known
        } else if map.node("end") != nil {
            sink.report("'end' is repaired, escalated or untouched", at: map.mark(of: "end"))
        }
        result.repairs = (map.list("repairs") ?? []).map { ($0.sequence ?? [$0]).compactMap(readStep) }
        result.needless = map.strings("needless") ?? []
        for node in map.node("needless").map({ $0.sequence ?? [$0] }) ?? [] {
            requireAction(node.scalar?.text ?? "", at: node.mark)
        }
        return result
    }

    private func readCause(_ node: YAMLNode) -> Cause? {
        guard var map = YAMLMapping(node, "a cause", sink) else { return nil }
        defer { map.finish() }
        let mechanism = map.requiredString("mechanism") ?? ""
        if Mechanism(rawValue: mechanism) == nil, map.node("mechanism") != nil {
            sink.report("no such mechanism: \(mechanism)", at: map.mark(of: "mechanism"))
        }
        return Cause(component: map.requiredString("component", hint: "a role") ?? "", mechanism: mechanism)
    }

    private func readStep(_ node: YAMLNode) -> Scenario.RepairStep? {
        guard var map = YAMLMapping(node, "a repair", sink) else { return nil }
        let action = map.requiredString("action") ?? ""
        requireAction(action, at: map.mark(of: "action"))
        var parameters: [String: String] = [:]
        for pair in map.pairs where pair.key != "action" { parameters[pair.key] = map.string(pair.key) }
        return Scenario.RepairStep(action: action, parameters: parameters)
    }

    private func requireAction(_ action: String, at mark: YAMLMark) {
        guard !action.isEmpty, ActionVocabulary.parameters[action] == nil else { return }
        sink.report(
            "no such action: \(action)",
            at: mark,
            hint: "one of \(ActionVocabulary.names.joined(separator: ", "))"
        )
    }

    func readJudgement(_ top: inout YAMLMapping) -> Scenario.Judgement {
        var result = Scenario.Judgement(budget: .seconds(90), window: .seconds(15), replay: nil, envelope: .init())
        guard let node = top.required("judge"), var map = YAMLMapping(node, "'judge'", sink) else { return result }
        defer { map.finish() }
        result.budget = duration(&map, "budget", isRequired: true) ?? result.budget
        result.window = duration(&map, "window", isRequired: true) ?? result.window
        if var replay = map.mapping("replay") {
            let run = replay.requiredString("run", hint: "a role") ?? ""
            result.replay = .init(run: run, times: replay.int("times", in: 1...10) ?? 1)
            replay.finish()
        }
        if var envelope = map.mapping("envelope") { result.envelope = readEnvelope(&envelope) }
        return result
    }

    private func readEnvelope(_ map: inout YAMLMapping) -> Scenario.Envelope {
        defer { map.finish() }
        return Scenario.Envelope(
            sessionsEnded: map.int("sessions_ended", in: 0...10_000),
            downtimeS: duration(&map, "downtime").map { $0 / .seconds(1) },
            ordersLost: map.int("orders_lost", in: 0...10_000) ?? 0,
            chargedTwice: map.int("charged_twice", in: 0...10_000) ?? 0
        )
    }

    func readProof(_ top: inout YAMLMapping) -> [Scenario.ProofEntry] {
        (top.list("proof") ?? []).compactMap { node in
            guard var map = YAMLMapping(node, "a proof", sink) else { return nil }
            defer { map.finish() }
            let verdict = map.requiredString("verdict") ?? ""
            if Verdict(rawValue: verdict) == nil, map.node("verdict") != nil {
                sink.report("no such verdict: \(verdict)", at: map.mark(of: "verdict"))
            }
            return Scenario.ProofEntry(
                actions: (map.list("do") ?? []).compactMap(readProofStep),
                say: map.node("say").flatMap(readCause),
                verdict: verdict
            )
        }
    }

    private func readProofStep(_ node: YAMLNode) -> Scenario.ProofStep? {
        guard let pair = node.mapping?.first, node.mapping?.count == 1, let argument = pair.value.scalar?.text else {
            sink.report("an action of a proof is one pair, such as {restart-service: caller}", at: node.mark)
            return nil
        }
        if pair.key != Scenario.ProofStep.escalate { requireAction(pair.key, at: pair.keyMark) }
        return Scenario.ProofStep(action: pair.key, argument: argument)
    }
}
