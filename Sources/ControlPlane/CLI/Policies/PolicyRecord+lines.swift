import OpsCommand
import OpsModel

extension PolicyRecord {
    /// One line for people.
    var line: String { "\(Terminal.clean(name))  \(id) v\(version)  \(status.rawValue)" }

    /// The policy as people read it.
    var lines: [String] {
        var told = [line]
        if !description.isEmpty { told.append("  " + Terminal.clean(description)) }
        guard let rule else { return told + ["  this rule cannot be read, and blocks everything while it is active"] }
        for (index, condition) in rule.conditions.enumerated() {
            told.append("  \(index == 0 ? "when" : " and")  " + condition.words)
        }
        told.append("  then  \(rule.action.rawValue)")
        if !rule.approvalRequiredFrom.isEmpty {
            told.append("  from  " + Terminal.clean(rule.approvalRequiredFrom.joined(separator: " or ")))
        }
        if let quorum = rule.quorum, quorum > 1 { told.append("  by  \(quorum) different people") }
        if rule.fourEyes { told.append("  not by whoever started the lab, under any key of theirs") }
        if let minutes = rule.timeoutMinutes { told.append("  within \(minutes) min") }
        let author = Terminal.clean(createdBy ?? "nobody")
        return told + ["  version \(version) made by \(author) at \(createdAt)"]
    }
}

extension PolicyCondition {
    /// The condition in one line.
    var words: String {
        let text = (try? OpsJSON.string(value)) ?? "?"  // what came as JSON can be written as JSON
        return Terminal.clean("\(field) \(comparison.rawValue) \(text)")
    }
}
