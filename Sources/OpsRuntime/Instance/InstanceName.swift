/// The name of a lab: part of paths and of program arguments, so only letters, digits and hyphens.
public struct InstanceName: Hashable, Sendable, CustomStringConvertible {
    /// What a lab is called when nobody says otherwise.
    public static let standard = InstanceName(checked: "default")

    /// The name as typed.
    public let text: String

    private init(checked text: String) { self.text = text }

    /// Takes a name of 1 to 24 letters, digits and inner hyphens.
    public init(_ text: String) throws(RuntimeError) {
        let isPlain = text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        guard (1...24).contains(text.utf8.count), isPlain, text.first != "-", text.last != "-", text != "people",
            text != "reports"
        else {
            throw RuntimeError(
                .badName,
                "'\(text)' cannot name a lab",
                hint: "use 1 to 24 lower-case letters, digits and hyphens, such as t1 or demo-2"
            )
        }
        self.text = text
    }

    /// The name as typed.
    public var description: String { self.text }
}
