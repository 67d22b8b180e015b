package import OpsModel

/// What a feature flag is: on or off, since when, and by whom.
package struct FlagValue: Codable, Hashable, Sendable, CustomStringConvertible {
    /// Whether it is on.
    package var isEnabled: Bool
    /// When it was turned, in the form in which ``FlagSQL`` gives it.
    package var updatedAt: String
    /// Who turned it.
    package var updatedBy: String

    /// A value by its parts.
    package init(isEnabled: Bool, updatedAt: String, updatedBy: String) {
        self.isEnabled = isEnabled
        self.updatedAt = updatedAt
        self.updatedBy = updatedBy
    }

    /// A value that a flag is given at a moment.
    package init(isEnabled: Bool, at moment: Timestamp, by name: String) {
        let text = moment.description
        // Times of whole milliseconds are written with three digits there, and with six by the database.
        let hasMicroseconds = text.count == "2026-01-01T00:00:00.000000Z".count
        self.init(
            isEnabled: isEnabled,
            updatedAt: hasMicroseconds ? text : "\(text.dropLast())000Z",
            updatedBy: name
        )
    }

    /// The value in a row that ``FlagSQL`` asked for; nil when it is none.
    package init?(_ column: (String) -> String?) {
        guard let enabled = column("enabled"), let at = column("updated_at"), let by = column("updated_by") else {
            return nil
        }
        self.init(isEnabled: enabled == "t", updatedAt: at, updatedBy: by)
    }

    /// All of it in one line, the same for the same value: what a fingerprint is taken of.
    package var description: String { "\(self.word) since \(self.updatedAt) by \(self.updatedBy)" }

    /// `on` or `off`.
    package var word: String { self.isEnabled ? "on" : "off" }

    /// What ``FlagSQL/write`` needs besides the flag's name to give it this value.
    package var arguments: [String] { ["\(self.isEnabled)", self.updatedAt, self.updatedBy] }
}
