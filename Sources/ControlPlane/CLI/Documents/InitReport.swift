import OpsCommand
import OpsSpec
import OpsYAML

/// What `opslab init` made of a Compose file, and what it could not.
struct InitReport: Codable {
    /// The Compose file.
    var source: String
    /// Where the topology was written; nil when it was printed.
    var file: String?
    /// The topology itself, when no file holds it.
    var topology: String?
    /// Each component with the evidence for its kind.
    var components: [Component]
    /// What a person has to write.
    var gaps: [TopologyDraft.Gap]
    /// What of the Compose file was left out.
    var remarks: [Problem]
    /// The command to go on with.
    var next: String

    /// A component and why it is what it is.
    struct Component: Codable {
        var name: String
        var kind: String
        var why: String
    }

    private enum CodingKeys: String, CodingKey {
        case source
        case file
        case topology
        case components
        case gaps = "to_write"
        case remarks
        case next
    }

    init(_ draft: TopologyDraft, file: String?) {
        source = draft.source
        self.file = file
        topology = file == nil ? draft.text : nil
        components = draft.components.map { Component(name: $0.name, kind: $0.kind.rawValue, why: $0.why) }
        gaps = draft.gaps
        remarks = draft.remarks
        next = "./opslab topology lint \(file ?? "FILE")"
    }

    /// The report for people, foreign text in it cleaned.
    var lines: [String] {
        var lines = [Terminal.clean("\(file ?? "a topology") from \(source): \(components.count) components"), ""]
        lines += [componentTable.render(), ""]
        for remark in remarks { lines.append(Terminal.clean("remark: \(remark)", keepingLines: true)) }
        if !remarks.isEmpty { lines.append("") }
        lines += ["A person has to write (* without it, the topology is not accepted):", gapTable.render(), ""]
        lines.append(Terminal.clean("Next: \(next)"))
        return lines
    }

    private var componentTable: TextTable {
        var table = TextTable(["component", "kind", "why"])
        for component in components { table.add([component.name, component.kind, component.why]) }
        return table
    }

    private var gapTable: TextTable {
        var table = TextTable(["", "where", "what"])
        for gap in gaps { table.add([gap.isRequired ? "*" : "", gap.place, gap.words]) }
        return table
    }
}
