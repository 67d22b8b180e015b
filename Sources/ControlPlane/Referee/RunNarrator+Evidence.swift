import OpsCommand
import OpsModel

/// What was looked at, and what follows from it.
extension RunNarrator {
    /// One line for each component that was asked about, in the order of the answers.
    func looked(_ answers: [ReadAnswer], _ elapsed: Double) -> [String] {
        let known = answers.filter { $0.status == .ok }
        var order: [String] = []
        for place in known.map(Self.place) where !order.contains(place) { order.append(place) }
        let told = order.prefix(5).map { place in
            let own = known.filter { Self.place($0) == place }
            let facts = own.prefix(4).map(Self.fact).joined(separator: " · ")
            let age = own.prefix(4).compactMap(\.ageS).max().map { "   (\(seconds($0)) old)" } ?? ""
            return "\(padded(place, 10))\(facts)\(age)"
        }
        guard let first = told.first else { return [] }
        return [line(elapsed, "look", first)] + told.dropFirst().map { indent + Terminal.clean($0) }
    }

    /// One answer in words: of whom, what was read, and what it says.
    static func words(_ answer: ReadAnswer) -> String {
        let age = answer.ageS.map { "  (\(seconds($0)) old)" } ?? ""
        return "\(place(answer)) \(fact(answer))\(age)"
    }

    private static func place(_ answer: ReadAnswer) -> String { answer.instance ?? answer.component ?? "customers" }

    private static func fact(_ answer: ReadAnswer) -> String {
        let unit = answer.unit.map { ["count", "ratio"].contains($0) ? "" : " \($0)" } ?? ""
        let selector = answer.selector.isEmpty ? "" : "{\(answer.selector.joined(separator: ","))}"
        return "\(answer.read)\(selector) \(value(answer.value))\(unit)"
    }

    private static func value(_ value: JSONValue) -> String {
        if let text = value.stringValue { return text }
        if let whole = value.intValue { return "\(whole)" }
        if let number = value.doubleValue { return hundredths(number) }
        return (try? OpsJSON.string(value)) ?? ""  // plain JSON always encodes
    }

    func diagnosed(_ diagnosis: Diagnosis, _ elapsed: Double) -> [String] {
        let place = diagnosis.instance ?? diagnosis.component
        let cause = "\(place): \(diagnosis.mechanism)"
        let shown =
            diagnosis.statement.hasPrefix("\(cause), because ")
            ? String(diagnosis.statement.dropFirst(cause.count + 10)) : diagnosis.statement
        var told = [line(elapsed, "CAUSE", "\(padded(cause, 40))confidence \(diagnosis.confidence.rawValue)")]
        told.append(unclocked("for", shown))
        for citation in diagnosis.citations.prefix(2) {
            told.append(indent + Terminal.clean("\(citation.path):\(citation.firstLine)-\(citation.lastLine)"))
        }
        for other in diagnosis.ruledOut.prefix(6) {
            told.append(unclocked("not", "\(padded("\(other.component) \(other.mechanism)", 30))\(other.because)"))
        }
        return told
    }

    /// A line that goes on with the one before.
    private func unclocked(_ label: String, _ text: String) -> String {
        String(repeating: " ", count: 9) + padded(label, 10) + Terminal.clean(text)
    }
}

/// Text filled up with blanks to a column.
func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(text.hasSuffix(" ") ? 0 : 1, width - text.count))
}
