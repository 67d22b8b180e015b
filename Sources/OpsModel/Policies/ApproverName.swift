/// Who may be named where a rule wants an approval: a person, or everybody with a role.
public enum ApproverName: Hashable, Sendable {
    case person(String)
    case role(String)

    /// Reads `person:NAME` or `role:NAME`; a name has 1 to 64 letters, digits, `_`, `-` or `.`.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy(Self.isPlain) else {
            return nil
        }
        switch parts[0] {
        case "person": self = .person(String(parts[1]))
        case "role": self = .role(String(parts[1]))
        default: return nil
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
