internal import OpsModel
internal import OpsSpec

/// Reads the survey as a list of symptoms: what is not as it should be, in the words that runbooks use for symptoms.
struct SymptomReader: Sendable {
    let neighbourhood: Neighbourhood
    let board: EvidenceBoard

    /// The symptoms, in a stable order.
    var symptoms: [Symptom] {
        journeys + ledgers + processes + probes + delays + pools + databases + stores + logs + changes
    }

    private var journeys: [Symptom] {
        let slow = answers("journey.p99").filter { ($0.1.fields["ratio"]?.doubleValue ?? 0) >= 3 }.map {
            query,
            answer in
            symptom(
                nil,
                "requests are slow and wait or time out",
                0,
                answer,
                "\(subject(query)) is slow: p99 \(text(answer))"
            )
        }
        let failing = answers("journey.failures_by").compactMap(failure)
        return slow + failing
    }

    private func failure(_ query: ReadQuery, _ answer: ReadAnswer) -> Symptom? {
        guard let top = answer.fields["top"]?.stringValue ?? answer.rows.first?["key"]?.stringValue else { return nil }
        let share = answer.fields["top_share"]?.doubleValue ?? 1
        switch query.selector.last {
        case "code":
            return symptom(nil, Self.words(forCode: top), 0, answer, "\(subject(query)) fails mostly with \(top)")
        case "instance" where share >= 0.8:
            let component = neighbourhood.view.components.first { $0.instances.contains(top) && $0.instances.count > 1 }
            guard let component else { return nil }
            let words = "some requests fail, all of them at one instance of an http service"
            return symptom(component.name, words, 20, answer, "\(percent(share)) of the failures come from \(top)")
        default: return nil
        }
    }

    /// How customers meet a failure, by its code.
    static func words(forCode code: String) -> String {
        switch code {
        case "timeout", "slow", "504": "requests are slow and time out"
        case "refused", "502": "connections are refused, service unavailable"
        case "reset": "connections are reset"
        case "body": "answers have wrong content although the status is good"
        case "ledger": "charges and orders do not agree"
        case "503": "requests fail with 503 service unavailable, a dependency does not answer"
        default: code.hasPrefix("5") ? "requests fail with \(code) server errors" : "requests fail with \(code)"
        }
    }

    private var ledgers: [Symptom] {
        answers("ledger.mismatch").compactMap { _, answer in
            guard let count = answer.value.doubleValue, count > 0 else { return nil }
            let finding = "\(Int(count)) orders were charged otherwise than ordered"
            return symptom(nil, Self.words(forCode: "ledger"), 0, answer, finding)
        }
    }

    private var processes: [Symptom] {
        answers("process.state").compactMap { query, answer in
            guard let state = answer.value.stringValue, state != "running", let name = query.component else {
                return nil
            }
            if neighbourhood.kind(of: name) == .batch, state == "absent" { return nil }
            let words = "a process of the \(kind(name)) is \(state)"
            let rows = answer.rows.filter { $0["value"]?.stringValue == state }.compactMap {
                $0["instance"]?.stringValue
            }
            let which = rows.isEmpty ? name : rows.joined(separator: ", ")
            return symptom(name, words, 50, answer, "\(which): process \(state)")
        }
    }

    private var pools: [Symptom] {
        answers("pool.waiting").compactMap { query, answer in
            guard let count = answer.value.doubleValue, count > 0, let name = query.component else { return nil }
            let words = "connection pools of callers are full, callers wait for a connection"
            return symptom(name, words, 10, answer, "\(name): \(Int(count)) wait for a connection of the pool")
        }
    }

    private var databases: [Symptom] {
        let blocked = answers("pg.blockers").compactMap { query, answer -> Symptom? in
            guard let count = answer.value.doubleValue, count > 0 else { return nil }
            let words = "sessions are blocked and wait for a lock of another session"
            return symptom(
                query.component,
                words,
                40,
                answer,
                "\(query.component ?? ""): \(Int(count)) sessions block others"
            )
        }
        let full = answers("pg.connections_ratio").compactMap { query, answer -> Symptom? in
            guard let ratio = answer.value.doubleValue, ratio > 0.9 else { return nil }
            return symptom(
                query.component,
                "too many connections, no slots left",
                40,
                answer,
                "connections at \(percent(ratio))"
            )
        }
        return blocked + full
    }

    private var stores: [Symptom] {
        let bad = answers("cache.bad").compactMap { query, answer -> Symptom? in
            guard let rate = answer.value.doubleValue, rate > 0 else { return nil }
            let words = "cache entries are damaged, answers wrong or server errors while the database is right"
            return symptom(query.component, words, 40, answer, "\(query.component ?? ""): damaged entries are read")
        }
        let queues = answers("queue.depth").compactMap { query, answer -> Symptom? in
            guard let depth = answer.value.doubleValue, depth > 50 else { return nil }
            return symptom(query.component, "jobs queue up, work is not done", 20, answer, "\(Int(depth)) jobs wait")
        }
        let disks = answers("disk.used_ratio").compactMap { query, answer -> Symptom? in
            guard let ratio = answer.value.doubleValue, ratio > 0.9 else { return nil }
            return symptom(
                query.component,
                "disk full, no space left",
                40,
                answer,
                "\(percent(ratio)) of the quota in use"
            )
        }
        let kept = answers("cache.kept").compactMap { query, answer -> Symptom? in
            guard let count = answer.value.doubleValue, count > 0 else { return nil }
            let words = "stored copies are out of date, they are kept when what they show has changed"
            let finding = "\(query.component ?? ""): \(Int(count)) changes and the copies were kept"
            return symptom(query.component, words, 40, answer, finding)
        }
        let empty = answers("cache.hit_ratio").compactMap { query, answer -> Symptom? in
            guard let ratio = answer.value.doubleValue, ratio < 0.7 else { return nil }
            let words = "few look-ups find a copy, many requests make the same copy anew at the same time"
            return symptom(
                query.component,
                words,
                30,
                answer,
                "\(query.component ?? ""): \(percent(ratio)) of look-ups hit"
            )
        }
        return bad + kept + empty + queues + disks
    }

    private var logs: [Symptom] {
        let codes = answers("log.code").flatMap { query, answer in
            let rows = answer.rows.filter(Self.isNew)
            let isSaid = { (row: JSONValue) in row["kind"]?.stringValue == "sqlstate" }
            let speaker = database(of: query.component) ?? query.component
            return [
                carried(rows.filter(isSaid), of: speaker, query, answer),
                carried(rows.filter { !isSaid($0) }, of: query.component, query, answer),
            ].compactMap(\.self)
        }
        let shapes = answers("log.new_templates").compactMap { query, answer -> Symptom? in
            let lines = answer.rows.compactMap { $0["template"]?.stringValue }
            guard !lines.isEmpty else { return nil }
            let line = lines.prefix(2).joined(separator: "; ")
            return symptom(query.component, line, 5, answer, "\(query.component ?? ""): new in the logs: \(line)")
        }
        return codes + shapes
    }

    /// Codes in the log of one component speak of another where that one said them.
    private func carried(_ rows: [JSONValue], of name: String?, _ query: ReadQuery, _ answer: ReadAnswer) -> Symptom? {
        let codes = rows.compactMap { $0["code"]?.stringValue }
        guard !codes.isEmpty else { return nil }
        let list = codes.prefix(4).joined(separator: " ")
        return symptom(
            name,
            "logs carry the code \(list)",
            15,
            answer,
            "\(query.component ?? ""): logs carry \(list)"
        )
    }

    /// Who says an SQLSTATE to a component: the only database it needs, if that is one.
    private func database(of name: String?) -> String? {
        guard let name, let needs = neighbourhood.component(name)?.needs else { return nil }
        let databases = needs.filter { neighbourhood.kind(of: $0) == .postgres }
        return databases.count == 1 ? databases[0] : nil
    }

    /// A system logs codes on its best days too; where the answer says what is usual, the usual is no symptom.
    private static func isNew(_ row: JSONValue) -> Bool {
        guard let novelty = row["novelty"] else { return true }
        return !novelty.isNull
    }

    private var changes: [Symptom] {
        answers("change.recent").flatMap { _, answer in
            answer.rows.prefix(3).compactMap { row -> Symptom? in
                guard let kind = row["kind"]?.stringValue, kind != "starts" else { return nil }
                let name = row["component"]?.stringValue
                let words = "a recent change of \(kind), a deploy shortly before"
                return symptom(name, words, 5, answer, "recent change of \(kind)\(name.map { " at \($0)" } ?? "")")
            }
        }
    }

    func answers(_ read: String) -> [(ReadQuery, ReadAnswer)] {
        board.answers(to: read).filter { $0.1.status == .ok }
    }

    func symptom(
        _ component: String?,
        _ words: String,
        _ weight: Int,
        _ answer: ReadAnswer,
        _ finding: String
    ) -> Symptom {
        Symptom(component: component, words: words, weight: weight, evidence: answer.evidence, finding: finding)
    }

    private func subject(_ query: ReadQuery) -> String { query.selector.first ?? "a journey" }

    func kind(_ name: String) -> String {
        switch neighbourhood.kind(of: name) {
        case .postgres: "PostgreSQL database"
        case .provider, .external: "provider"
        case .http: "http service"
        case .worker: "worker"
        case .batch: "batch job"
        case .directory, nil: "store"
        }
    }

    private func text(_ answer: ReadAnswer) -> String {
        "\(answer.value.doubleValue.map { "\(Int($0.rounded()))" } ?? "?") \(answer.unit ?? "")"
    }

    func percent(_ ratio: Double) -> String { "\(Int((ratio * 100).rounded())) %" }
}
