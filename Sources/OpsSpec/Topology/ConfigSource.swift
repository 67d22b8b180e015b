/// A configuration file, or the settings of a component that has no file.
public struct ConfigSource: Hashable, Sendable {
    /// The file's name, or the component's.
    public var name: String
    /// `restart` when a change needs one, `live` when it does not.
    public var reload: String
    /// How many earlier versions are kept; all of them when 0.
    public var history: Int
    /// Keys whose values are secrets.
    public var secrets: [Secret]
    /// Keys that may be changed, and how far.
    public var settable: [Setting]

    /// A key whose value is a secret.
    public struct Secret: Hashable, Sendable {
        /// The key.
        public var key: String
        /// What it opens.
        public var use: Use
        /// The component it opens.
        public var component: String
        /// The database role it belongs to.
        public var role: String?
    }

    /// What a secret is for.
    public enum Use: String, Hashable, Sendable, CaseIterable {
        /// A role's password.
        case postgresPassword = "postgres-password"
        /// A key that both sides know.
        case sharedKey = "shared-key"
    }

    /// A key and the values it may take.
    public struct Setting: Hashable, Sendable {
        /// The key.
        public var key: String
        /// The values it may take.
        public var envelope: Envelope

        /// A key with its bounds.
        public init(key: String, envelope: Envelope) {
            self.key = key
            self.envelope = envelope
        }
    }

    /// The values that a key may take.
    public enum Envelope: Hashable, Sendable {
        /// From one amount to another.
        case range(Quantity, Quantity)
        /// One of these.
        case choices([String])

        /// True when the value, as it would be written, lies inside.
        public func contains(_ value: String) -> Bool {
            switch self {
            case .choices(let choices): return choices.contains(value)
            case .range(let low, let high):
                guard let quantity = Quantity(value), quantity.unit == low.unit else { return false }
                return (low.value...high.value).contains(quantity.value)
            }
        }
    }
}
