import OpsSpec

/// A component's configuration file, where earlier versions of it lie, and what may be set in it.
struct ConfigurationAccess: Codable, Hashable, Sendable {
    /// A key with the values that it may take.
    struct Setting: Codable, Hashable, Sendable {
        var key: String
        var unit: Quantity.Unit?
        var lowest: Double?
        var highest: Double?
        var choices: [String]?

        init(_ setting: ConfigSource.Setting) {
            self.key = setting.key
            switch setting.envelope {
            case .choices(let choices): self.choices = choices
            case .range(let low, let high):
                (self.unit, self.lowest, self.highest) = (low.unit, low.value, high.value)
            }
        }

        /// Why a value would be no wrong one, or no value at all; nil when it is of the right kind and out of bounds.
        func problem(with value: String) -> String? {
            guard let lowest, let highest else { return "\(self.key) has no bounds that a value could be out of" }
            guard let quantity = Quantity(value), quantity.unit == self.unit, quantity.value >= 0 else {
                return "\(self.key) cannot be \(value.isEmpty ? "nothing" : value)"
            }
            return (lowest...highest).contains(quantity.value) ? "\(value) is a value that \(self.key) may have" : nil
        }
    }

    /// The topology's name for it.
    var name: String
    var path: String
    var history: String
    var settings: [Setting]
}
