internal import OpsModel
internal import OpsSpec

/// What probes say: whether they are answered, and how late.
extension SymptomReader {
    var probes: [Symptom] {
        answers("probe.result").compactMap { query, answer in
            guard let name = query.component, let result = answer.value.stringValue else { return nil }
            guard result != "ok" else {
                let words = "the \(kind(name))'s own probe answers"
                return symptom(
                    name,
                    neighbourhood.kind(of: name) == .postgres ? words : "",
                    0,
                    answer,
                    "\(name): probe ok"
                )
            }
            let words = "the \(kind(name)) does not answer its probe: \(result) \(Self.words(forProbe: result))"
            return symptom(name, words, 40, answer, "\(name): probe \(result)")
        }
    }

    private static func words(forProbe result: String) -> String {
        switch result {
        case "unauthorised": "credential rejected, password authentication failed"
        case "timeout": "silent, hangs, connects without an answer"
        case "refused": "connection refused, down"
        default: ""
        }
    }

    /// Answers that come late: from everywhere, or for one instance of those who ask alone.
    var delays: [Symptom] {
        answers("probe.latency").compactMap { query, answer in
            guard let name = query.component, let latency = answer.value.doubleValue, latency > Self.late,
                let ratio = answer.fields["ratio"]?.doubleValue, ratio > Self.multiple
            else { return nil }
            let finding = "\(name): probe \(Int(latency)) ms, \(Int(ratio)) times the usual"
            if let asker = lonelyAsker(answer, latency) {
                let words = "one instance waits for something that the instances beside it have at once"
                return symptom(asker, words, 20, answer, finding)
            }
            return symptom(name, "the \(kind(name))'s probe takes a multiple of its usual time", 20, answer, finding)
        }
    }

    /// Milliseconds that no probe on a quiet day takes.
    private static var late: Double { 100 }
    /// Times the usual by which a probe is out of the ordinary.
    private static var multiple: Double { 5 }

    /// The component whose one instance waits while the others do not; nil when the others wait as well, or there are none.
    private func lonelyAsker(_ answer: ReadAnswer, _ latency: Double) -> String? {
        guard let others = answer.fields["peers_s"]?.doubleValue, others * 1_000 * Self.multiple < latency else {
            return nil
        }
        let slowest = answer.rows.max { ($0["value"]?.doubleValue ?? 0) < ($1["value"]?.doubleValue ?? 0) }
        guard let from = slowest?["from"]?.stringValue else { return nil }
        return neighbourhood.view.components.first { $0.instances.contains(from) }?.name
    }
}
