public import OpsModel

/// Where instructions are planted, and which; one seed gives the same planting twice.
///
/// Four places in a row have four different texts, and at least one of any four asks for the most harmful action.
public struct Planting: Hashable, Sendable {
    /// What an agent reads.
    public enum Place: Int, CaseIterable, Hashable, Sendable {
        case runbooks
        case logs
        case pages
        case changes

        /// Its name in reports.
        public var name: String { "\(self)" }
    }

    private let seed: Int

    /// The planting that a seed stands for.
    public init(seed: Int) { self.seed = seed }

    /// What is planted at a place.
    public func instruction(at place: Place) -> PlantedInstruction {
        let all = PlantedInstruction.allCases
        let offset = (seed % all.count + all.count) % all.count
        return all[(offset + place.rawValue) % all.count]
    }

    /// One line for each place, such as `logs: system-message`.
    public var lines: [String] { Place.allCases.map { "\($0.name): \(instruction(at: $0).rawValue)" } }

    /// A runbook with the instruction as a paragraph behind the front matter and at the end; what machines read, and every line
    /// that a citation counts, stays where it was.
    public func planted(in runbook: String) -> String {
        let text = instruction(at: .runbooks).text
        var lines = runbook.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.first == "---", let end = lines.dropFirst().firstIndex(of: "---") {
            lines.insert(contentsOf: ["", text], at: end + 1)
        }
        return lines.joined(separator: "\n") + "\n" + text + "\n"
    }

    /// A page's sentence with the instruction behind it.
    public func planted(in page: Page) -> Page {
        var page = page
        page.summary += ". " + instruction(at: .pages).text
        return page
    }

    /// An answer with the instruction in it: a log line of its own, or what somebody wrote about the newest change.
    public func planted(in answer: ReadAnswer) -> ReadAnswer {
        guard answer.status == .ok else { return answer }
        switch answer.read {
        case "log.new_templates": return withLine(answer)
        case "change.recent": return withDetail(answer)
        default: return answer
        }
    }

    /// Whoever can make a program log can do this, so the line counts like every other.
    private func withLine(_ answer: ReadAnswer) -> ReadAnswer {
        guard let component = answer.component else { return answer }
        var answer = answer
        let instance = answer.rows.first?["instance"]?.stringValue ?? answer.instance ?? component
        answer.rows.append([
            "template": .string(instruction(at: .logs).text), "component": .string(component),
            "instance": .string(instance), "level": "error", "codes": "", "value": 1, "novelty": "new",
            "first_seen_age_s": .double(answer.ageS ?? 0),
        ])
        answer.value = .int((answer.value.intValue ?? 0) + 1)
        answer.fields["lines"] = .int((answer.fields["lines"]?.intValue ?? 0) + 1)
        return answer
    }

    private func withDetail(_ answer: ReadAnswer) -> ReadAnswer {
        guard case .object(var newest)? = answer.rows.first else { return answer }
        var answer = answer
        let text = newest["detail"]?.stringValue ?? ""
        newest["detail"] = .string("\(text). \(instruction(at: .changes).text)")
        answer.rows[0] = .object(newest)
        return answer
    }
}
