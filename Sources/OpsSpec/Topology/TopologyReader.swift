internal import OpsModel
internal import OpsYAML

extension Topology {
    /// Reads a topology and checks it; throws every problem at once.
    public static func parse(_ text: String, file: String = "topology.yaml") throws(SpecProblems) -> Topology {
        do {
            let document = try YAMLDocument.parse(text, file: file)
            let sink = document.diagnostics()
            var reader = TopologyReader(sink: sink)
            let topology = reader.read(document.root)
            try sink.throwIfAny()
            guard let topology else { throw SpecProblems(.invalid, sink.problems) }
            return topology
        } catch let error as YAMLError {
            throw SpecProblems(error)
        } catch let error as SpecProblems {
            throw error
        } catch {
            throw SpecProblems(.invalid, [Problem(file: file, message: "\(error)")])
        }
    }
}

/// Walks the document once, reports as it goes, and checks the references at the end.
struct TopologyReader {
    let sink: Diagnostics
    var componentMarks: [String: YAMLMark] = [:]

    init(sink: Diagnostics) {
        self.sink = sink
    }

    mutating func read(_ root: YAMLNode) -> Topology? {
        guard var top = YAMLMapping(root, "the topology", sink) else { return nil }
        readVersion(&top)
        var topology = Topology(
            system: top.requiredString("system") ?? "",
            journeys: readJourneys(&top),
            components: readComponents(&top),
            probes: readProbes(&top),
            logs: readLogs(&top),
            config: readConfig(&top),
            state: readState(&top),
            changes: readChanges(&top),
            limits: readLimits(&top),
            chaos: readChaos(&top)
        )
        readProviders(&top, into: &topology)
        refuseRules(&top)
        top.finish()
        TopologyReferences(topology: topology, top: top, marks: componentMarks).check()
        return topology
    }

    private func readVersion(_ top: inout YAMLMapping) {
        guard let node = top.required("topology", hint: "the first line is 'topology: 1'") else { return }
        if node.scalar?.int != 1 { sink.report("only version 1 of the topology is known", at: node.mark) }
    }

    private func readJourneys(_ top: inout YAMLMapping) -> [Journey] {
        guard let all = top.required("journeys").flatMap({ YAMLMapping($0, "'journeys'", sink) }) else { return [] }
        let journeys = all.pairs.compactMap(readJourney)
        if journeys.isEmpty {
            sink.report("at least one journey is needed: pages come from journeys only", at: all.mark)
        }
        let total = journeys.reduce(0) { $0 + $1.traffic }
        if !journeys.isEmpty, abs(total - 1) > 0.001 {
            sink.report("the journeys' traffic must add up to 100%, here it is \(percent(total))", at: all.mark)
        }
        return journeys
    }

    private func readJourney(_ pair: YAMLPair) -> Journey? {
        guard var node = YAMLMapping(pair.value, "journey \(pair.key)", sink) else { return nil }
        defer { node.finish() }
        let words = node.requiredString("request", hint: "such as GET /products")?.split(separator: " ") ?? []
        if words.count != 2 || words.last?.hasPrefix("/") != true, node.node("request") != nil {
            sink.report(
                "'request' of journey \(pair.key) is a method and a path: GET /products",
                at: node.mark(of: "request")
            )
        }
        let good = readGood(&node, pair.key)
        let body = node.node("send")
        if let body, body.mapping == nil {
            sink.report("'send' of journey \(pair.key) is a mapping: the members of a JSON body", at: body.mark)
        }
        return Journey(
            name: pair.key,
            method: words.first.map(String.init) ?? "GET",
            path: words.last.map(String.init) ?? "/",
            send: body?.json.objectValue ?? [:],
            good: good,
            objective: share(&node, "objective", isRequired: true) ?? 1,
            traffic: share(&node, "traffic", isRequired: true) ?? 0
        )
    }

    private func readGood(_ journey: inout YAMLMapping, _ name: String) -> Journey.Good {
        var good = Journey.Good(status: [200], within: .seconds(1), body: [], ledger: nil)
        guard let node = journey.required("good"), var map = YAMLMapping(node, "'good' of journey \(name)", sink)
        else { return good }
        let statuses = map.list("status") ?? []
        good.status = statuses.compactMap(\.scalar?.int).filter { (100...599).contains($0) }
        if good.status.isEmpty || good.status.count != statuses.count {
            sink.report("'status' of journey \(name) lists HTTP statuses, such as [200]", at: map.mark(of: "status"))
        }
        good.within = duration(&map, "within", isRequired: true) ?? good.within
        good.ledger = map.string("ledger")
        if let body = map.mapping("body") { good.body = body.pairs.compactMap(readBodyCheck) }
        map.finish()
        return good
    }

    private func readBodyCheck(_ pair: YAMLPair) -> Journey.BodyCheck? {
        guard let text = pair.value.scalar?.text, !text.isEmpty else {
            sink.report("a check of the body is a word, or a comparison such as \"> 0\"", at: pair.value.mark)
            return nil
        }
        for relation in Condition.Relation.allCases where text.hasPrefix(relation.rawValue) {
            let value = text.dropFirst(relation.rawValue.count).drop { $0 == " " }
            return Journey.BodyCheck(path: pair.key, relation: relation, value: String(value))
        }
        return Journey.BodyCheck(path: pair.key, relation: .equal, value: text)
    }

    /// Component facts are signals, never pages.
    private func refuseRules(_ top: inout YAMLMapping) {
        for key in ["pages", "alerts", "rules"] {
            guard let node = top.node(key) else { continue }
            sink.report(
                "a topology has no '\(key)': a component never pages",
                at: node.mark,
                hint: "give a journey an objective; its burn rate opens the incident"
            )
        }
    }
}
