import OpsCommand
import OpsModel

/// A request for approval as a chat shows it: what is asked in words, and a button for each decision.
struct SlackMessage: Sendable {
    /// Characters of one text; the longest that a chat takes is 3000, and escapes make five of one.
    private static let longest = 300
    /// Characters of all that one option says, before escapes.
    private static let longestBlock = 2_900

    var detail: ApprovalDetail

    var document: JSONValue {
        let approval = detail.approval
        let asked =
            "*\(Self.text(approval.title))*\n\(Self.text(approval.id)) for \(Self.text(approval.incident)), "
            + "asked by \(Self.text(approval.requester)), expires at \(approval.expiresAt)"
        let blocks = [section(asked)] + detail.options.map(option) + [buttons]
        return [
            "text": .string("Approval wanted: \(Self.text(approval.title))"), "blocks": .array(blocks),
        ]
    }

    /// An answer that only the person who pressed sees.
    static func answer(_ words: String) -> JSONValue {
        ["response_type": "ephemeral", "replace_original": false, "text": .string(text(words))]
    }

    /// Somebody else's text: cleaned as on the command line, cut, and escaped so that it is no link, no mention and no command.
    static func text(_ text: String) -> String {
        let clean = Terminal.clean(text)
        let cut =
            clean.unicodeScalars.count > longest
            ? clean.unicodeScalars.prefix(longest).map { String($0) }.joined() + "…" : clean
        var escaped = ""
        for character in cut.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    private func option(_ option: ApprovalOption) -> JSONValue {
        var lines = ["*\(option.number). \(Self.text(option.title))*", Self.text(option.why)]
        for step in option.steps {
            // plain JSON always encodes
            let parameters = (try? OpsJSON.string(JSONValue.object(step.parameters))) ?? ""
            lines.append("\(Self.text(step.action)) \(Self.text(parameters))")
            let plan = step.plan
            lines.append(Self.text("risk \(plan.risk), undo: \(plan.undo), felt by: \(plan.blastRadius)"))
        }
        lines += option.wantedPeople(detail.approval).map(Self.text)
        lines += option.requiredFrom.map { Self.text("to be approved by \($0.from.joined(separator: " or "))") }
        if let refusal = option.refusal { lines.append(Self.text("cannot run now: \(refusal)")) }
        var whole = ""
        for line in lines where !line.isEmpty {
            guard whole.unicodeScalars.count + line.unicodeScalars.count < Self.longestBlock else {
                whole += "\n…"
                break
            }
            whole += whole.isEmpty ? line : "\n\(line)"
        }
        return section(whole)
    }

    /// Nothing in the text is made a link or a mention: `verbatim`.
    private func section(_ text: String) -> JSONValue {
        ["type": "section", "text": ["type": "mrkdwn", "verbatim": true, "text": .string(text)]]
    }

    private var buttons: JSONValue {
        let yes = detail.options.filter { $0.refusal == nil }.map { option in
            button("approve", option.number, "Approve option \(option.number)", "primary")
        }
        return ["type": "actions", "elements": .array(yes + [button("reject", 0, "Reject", "danger")])]
    }

    private func button(_ verb: String, _ option: Int, _ words: String, _ style: String) -> JSONValue {
        let value = SlackCallback.Value(approval: detail.approval.id, option: option, shown: detail.shownDigest)
        return [
            "type": "button", "action_id": .string(option == 0 ? verb : "\(verb) \(option)"), "style": .string(style),
            "text": ["type": "plain_text", "text": .string(words)], "value": .string(value.text),
        ]
    }
}
