import OpsCommand
import OpsModel

/// Tells a run to a person at a terminal: one line for each thing that happens, with the seconds since it began.
///
/// Foreign text is cleaned of control characters before it is shown.
struct RunNarrator: Sendable {
    let indent = String(repeating: " ", count: 19)

    func lines(_ event: RunEvent, atS elapsed: Double) -> [String] {
        switch event {
        case .began(let system, let processes, let rate):
            [
                "OpsLab  a \(system) of \(processes) processes, \(Int(rate)) requests/s from its customers. "
                    + "Nothing is repaired without your yes.", "",
            ]
        case .seated(let agent, let isolation):
            [
                line(
                    elapsed,
                    "agent",
                    "\(agent) is there · isolation \(isolation)\(isolation == "I0" ? ", unconfined" : "")"
                )
            ]
        case .steady(let journeys, let held):
            [line(elapsed, "steady", journeys.map(share).joined(separator: "   ") + "   held \(seconds(held))")]
        case .sealed(let commitment, let lease):
            [line(elapsed, "sealed", "one fault is in. Its undo is on disk, its lease ends in \(seconds(lease)).")]
                + [indent + "Label: sha256 \(commitment.prefix(12))…"]
        case .quiet(let commitment):
            [line(elapsed, "sealed", "the world is drawn. Label: sha256 \(commitment.prefix(12))…")]
        case .paged(let page): [line(elapsed, "PAGE", page.summary)]
        case .looked(let answers): looked(answers, elapsed)
        case .diagnosed(let diagnosis): diagnosed(diagnosis, elapsed)
        case .asked(let detail): plan(detail, elapsed)
        case .decided(let approval, let wait):
            [line(elapsed, approval.state == .approved ? "granted" : approval.state.rawValue, decided(approval, wait))]
        case .stepped(let step): [line(elapsed, "ACT", "\(step.action): \(step.message)")]
        case .back(let journey): [line(elapsed, "back", share(journey))]
        case .escalated(let escalation): [line(elapsed, "HANDOVER", escalation.reason)]
        case .held(let window, let lease): held(window, lease, elapsed)
        case .replayed(let job, let held):
            [indent + "\(job) ran again, and \(held ? "nothing broke" : "it broke again")"]
        case .unsealed(let commitment, let label, let wasRight):
            [line(elapsed, "unsealed", "\(commitment.prefix(12))… = \(label).\(verdict(wasRight))")]
        case .judged(let report): [""] + RunSummary(report: report).lines
        }
    }

    func line(_ elapsed: Double, _ label: String, _ text: String) -> String {
        let time = seconds(elapsed)
        let padded = String(repeating: " ", count: max(0, 7 - time.count)) + time
        let word = label + String(repeating: " ", count: max(0, 10 - label.count))
        return "\(padded)  \(word)\(Terminal.clean(text))"
    }

    private func decided(_ approval: Approval, _ wait: Double) -> String {
        let people = approval.decidedBy.joined(separator: ", ")
        let granted = approval.state == .approved ? approval.option : nil
        let option = granted.map { "option \($0), once, only for the facts shown" } ?? (approval.reason ?? "")
        let place = approval.isAttested ? " in a browser" : ""
        return "by \(people.isEmpty ? "nobody" : people)\(place) after \(seconds(wait)) · \(option)"
    }

    private func held(_ window: Double, _ lease: Double?, _ elapsed: Double) -> [String] {
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

/// A number with two decimals at most.
func hundredths(_ number: Double) -> String {
    let scaled = Int((abs(number) * 100).rounded())
    let sign = number < 0 && scaled > 0 ? "-" : ""
    let fraction = scaled % 100
    guard fraction > 0 else { return "\(sign)\(scaled / 100)" }
    return "\(sign)\(scaled / 100)."
        + (fraction % 10 == 0 ? "\(fraction / 10)" : fraction < 10 ? "0\(fraction)" : "\(fraction)")
}

/// Seconds with one decimal and their unit.
func seconds(_ number: Double) -> String { "\(tenths(number)) s" }
