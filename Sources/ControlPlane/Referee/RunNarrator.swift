import OpsCommand
import OpsModel

/// Tells a run to a person at a terminal: one line for each thing that happens, with the seconds since it began.
///
/// Foreign text is cleaned of control characters before it is shown.
struct RunNarrator: Sendable {
    private let indent = String(repeating: " ", count: 19)

    func lines(_ event: RunEvent, atS elapsed: Double) -> [String] {
        switch event {
        case .began(let system, let processes, let rate):
            [
                "OpsLab  a \(system) of \(processes) processes, \(Int(rate)) requests/s from its customers. "
                    + "Nothing is repaired without your yes.", "",
            ]
        case .steady(let journeys, let held):
            [line(elapsed, "steady", journeys.map(share).joined(separator: "   ") + "   held \(seconds(held))")]
        case .sealed(let commitment, let lease):
            [line(elapsed, "sealed", "one fault is in. Its undo is on disk, its lease ends in \(seconds(lease)).")]
                + [indent + "label: sha256 \(commitment.prefix(12))…"]
        case .quiet(let commitment):
            [line(elapsed, "sealed", "the world is drawn. label: sha256 \(commitment.prefix(12))…")]
        case .paged(let page): [line(elapsed, "PAGE", page.summary)]
        case .looked(let answers): looked(answers, elapsed)
        case .diagnosed(let diagnosis): diagnosed(diagnosis, elapsed)
        case .asked(let detail): plan(detail, elapsed)
        case .decided(let approval, let wait):
            [line(elapsed, approval.state == .approved ? "granted" : approval.state.rawValue, decided(approval, wait))]
        case .stepped(let step): [line(elapsed, "ACT", "\(step.action): \(step.message)")]
        case .back(let journey): [line(elapsed, "back", share(journey))]
        case .escalated(let escalation): [line(elapsed, "HANDOVER", escalation.reason)]
        case .proven(let window, let lease): proven(window, lease, elapsed)
        case .unsealed(let commitment, let label, let wasRight):
            [line(elapsed, "unsealed", "\(commitment.prefix(12))… = \(label).\(verdict(wasRight))")]
        case .judged(let report): [""] + RunSummary(report: report).lines
        }
    }

    private func line(_ elapsed: Double, _ label: String, _ text: String) -> String {
        let time = seconds(elapsed)
        let padded = String(repeating: " ", count: max(0, 7 - time.count)) + time
        let word = label + String(repeating: " ", count: max(0, 10 - label.count))
        return "\(padded)  \(word)\(Terminal.clean(text))"
    }

    private func looked(_ answers: [ReadAnswer], _ elapsed: Double) -> [String] {
        let told = answers.filter { $0.status == .ok }.prefix(8).map(Self.words)
        guard let first = told.first else { return [] }
        return [line(elapsed, "look", first)] + told.dropFirst().map { indent + Terminal.clean($0) }
    }

    /// One answer in words: what was read, of whom, and what it says.
    static func words(_ answer: ReadAnswer) -> String {
        let of = answer.instance ?? answer.component ?? ""
        let value = (try? OpsJSON.string(answer.value)) ?? ""  // plain JSON always encodes
        let unit = answer.unit.map { $0 == "count" ? "" : " \($0)" } ?? ""
        let age = answer.ageS.map { "  (\(seconds($0)) old)" } ?? ""
        return "\(answer.read) \(of) = \(value)\(unit)\(age)"
    }

    private func diagnosed(_ diagnosis: Diagnosis, _ elapsed: Double) -> [String] {
        let place = diagnosis.instance ?? diagnosis.component
        var told = [
            line(elapsed, "CAUSE", "\(place): \(diagnosis.mechanism)   confidence \(diagnosis.confidence.rawValue)")
        ]
        told.append(line(" ", "for", diagnosis.statement))
        for citation in diagnosis.citations.prefix(2) {
            told.append(indent + "\(citation.path):\(citation.firstLine)-\(citation.lastLine)")
        }
        for other in diagnosis.ruledOut.prefix(6) {
            told.append(line(" ", "not", "\(other.component): \(other.mechanism) — \(other.because)"))
        }
        return told
    }

    private func line(_ blank: String, _ label: String, _ text: String) -> String {
        let word = label + String(repeating: " ", count: max(0, 10 - label.count))
        return String(repeating: blank, count: 9) + word + Terminal.clean(text)
    }

    private func plan(_ detail: ApprovalDetail, _ elapsed: Double) -> [String] {
        var told = [line(elapsed, "PLAN", detail.approval.title)]
        for option in detail.options {
            let plan = option.steps.first?.plan
            let cost =
                "risk \(plan?.risk ?? "?"), downtime \(seconds(plan?.downtimeS ?? 0)), undo: \(plan?.undo ?? "none")"
            told.append("         \(option.number)  \(Terminal.clean(option.title))  (\(Terminal.clean(cost)))")
            for change in option.steps.flatMap(\.plan.diff).prefix(4) { told.append(indent + Terminal.clean(change)) }
            if let refusal = option.refusal { told.append(indent + "cannot run now: \(Terminal.clean(refusal))") }
        }
        for other in detail.rejected.prefix(4) {
            told.append("         x  \(Terminal.clean("\(other.action): \(other.because)"))")
        }
        return told
    }

    private func decided(_ approval: Approval, _ wait: Double) -> String {
        let people = approval.decidedBy.joined(separator: ", ")
        let option = approval.option.map { "option \($0), once, only for the facts shown" } ?? (approval.reason ?? "")
        return "by \(people.isEmpty ? "nobody" : people) after \(seconds(wait)) · \(option)"
    }

    private func proven(_ window: Double, _ lease: Double?, _ elapsed: Double) -> [String] {
        let told = [line(elapsed, "PROVEN", "all objectives held \(seconds(window))")]
        guard let lease else { return told }
        return told + [indent + "the lease had \(seconds(lease)) left: the repair did it, not the clock"]
    }

    private func verdict(_ wasRight: Bool?) -> String {
        switch wasRight {
        case true?: " The diagnosis was right."
        case false?: " The diagnosis was wrong."
        case nil: ""
        }
    }
}

/// A share of good requests, as people read it.
func share(_ journey: JourneyStatus) -> String {
    guard let ratio = journey.ratio else { return "\(journey.journey) no requests" }
    return "\(journey.journey) \(tenths(ratio * 100)) %"
}

/// A number with one decimal, without `String(format:)`.
func tenths(_ number: Double) -> String {
    let scaled = Int((number * 10).rounded())
    return scaled % 10 == 0 && abs(scaled) >= 1_000 ? "\(scaled / 10)" : "\(scaled / 10).\(abs(scaled % 10))"
}

/// Seconds with one decimal and their unit.
func seconds(_ number: Double) -> String { "\(tenths(number)) s" }
