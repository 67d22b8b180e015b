import OpsModel

/// The rules by which a network namespace lets nothing out to some addresses, as nftables takes and lists them; pure text.
///
/// The rule itself is there from the start and matches a set that is empty. What goes into the set has a time to live that the
/// kernel keeps: whatever dies, the way is open again when it is over.
enum LinkRules {
    /// What the set holds of one way.
    struct Closed: Codable, Hashable, Sendable {
        /// An IPv4 address.
        var address: String
        var port: Int
        /// Who closed it.
        var token: String
    }

    private static let table = "inet lab"
    private static let set = "\(table) held"

    /// Makes the rule where it is missing, and leaves alone what is in the set.
    static let setUp = """
        add table \(table)
        add set \(set) { type ipv4_addr . inet_service; flags timeout; }
        add chain \(table) out { type filter hook output priority 0; policy accept; }
        flush chain \(table) out
        add rule \(table) out ip daddr . tcp dport @held drop

        """

    /// Arguments that list the set as JSON.
    static let list = ["-j", "list", "set", "inet", "lab", "held"]

    /// Closes ways, or gives those that are closed a new time to live, in one step.
    ///
    /// An element that is there keeps its old time when it is added once more, so each is taken out in between.
    static func close(_ ways: [(address: String, port: Int)], token: String, milliseconds: Int) -> String {
        ways.map { way in
            let key = "\(way.address) . \(way.port)"
            let element = "\(self.set) { \(key) timeout \(milliseconds)ms comment \"\(token)\" }"
            return "add element \(element)\ndelete element \(self.set) { \(key) }\nadd element \(element)\n"
        }
        .joined()
    }

    /// Opens ways again; one that is open already must not be among them.
    static func open(_ closed: [Closed]) -> String {
        closed.map { "delete element \(self.set) { \($0.address) . \($0.port) }\n" }.joined()
    }

    /// What is in the set, from the answer to ``list``; nil for an answer that is none.
    static func closed(in answer: JSONValue) -> [Closed]? {
        guard let set = answer["nftables"]?.arrayValue?.compactMap({ $0["set"] }).first else { return nil }
        return (set["elem"]?.arrayValue ?? []).compactMap { entry in
            let element = entry["elem"] ?? entry
            let key = (element["val"] ?? element)["concat"]?.arrayValue ?? []
            guard let address = key.first?.stringValue, let port = key.last?.intValue else { return nil }
            return Closed(address: address, port: port, token: element["comment"]?.stringValue ?? "")
        }
    }
}
