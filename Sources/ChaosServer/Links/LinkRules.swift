import OpsModel

/// The rules by which a network namespace lets nothing out to some addresses, as nftables takes and lists them; pure text.
///
/// The rule itself is there from the start and matches a set that is empty. What goes into the set has a time to live that the
/// kernel keeps: whatever dies, the way is open again when it is over.
struct LinkRules: Hashable, Sendable {
    /// What the set holds of one way.
    struct Closed: Codable, Hashable, Sendable {
        /// An IPv4 address.
        var address: String
        var port: Int
        /// Who closed it.
        var token: String
    }

    /// The name of the table, which nobody else's has.
    var table = "lab"
    /// The address that the instance calls from, where it shares the namespace with others; nil where it is alone there.
    var source: String?

    private var set: String { "inet \(self.table) held" }

    /// Makes the rule where it is missing, and leaves alone what is in the set.
    var setUp: String {
        let (kind, match) = self.source == nil ? ("", "") : ("ipv4_addr . ", "ip saddr . ")
        return """
            add table inet \(self.table)
            add set \(self.set) { type \(kind)ipv4_addr . inet_service; flags timeout; }
            add chain inet \(self.table) out { type filter hook output priority 0; policy accept; }
            flush chain inet \(self.table) out
            add rule inet \(self.table) out \(match)ip daddr . tcp dport @held drop

            """
    }

    /// Arguments that list the set as JSON.
    var list: [String] { ["-j", "list", "set", "inet", self.table, "held"] }

    /// Closes ways, or gives those that are closed a new time to live, in one step.
    ///
    /// An element that is there keeps its old time when it is added once more, so each is taken out in between.
    func close(_ ways: [(address: String, port: Int)], token: String, milliseconds: Int) -> String {
        ways.map { way in
            let key = self.key(way.address, way.port)
            let element = "\(self.set) { \(key) timeout \(milliseconds)ms comment \"\(token)\" }"
            return "add element \(element)\ndelete element \(self.set) { \(key) }\nadd element \(element)\n"
        }
        .joined()
    }

    /// Opens ways again; one that is open already must not be among them.
    func open(_ closed: [Closed]) -> String {
        closed.map { "delete element \(self.set) { \(self.key($0.address, $0.port)) }\n" }.joined()
    }

    private func key(_ address: String, _ port: Int) -> String {
        ([self.source, address].compactMap(\.self) + ["\(port)"]).joined(separator: " . ")
    }

    /// What is in the set, from the answer to ``list``; nil for an answer that is none.
    static func closed(in answer: JSONValue) -> [Closed]? {
        guard let set = answer["nftables"]?.arrayValue?.compactMap({ $0["set"] }).first else { return nil }
        return (set["elem"]?.arrayValue ?? []).compactMap { entry in
            let element = entry["elem"] ?? entry
            let key = (element["val"] ?? element)["concat"]?.arrayValue ?? []
            guard let address = key.dropLast().last?.stringValue, let port = key.last?.intValue else { return nil }
            return Closed(address: address, port: port, token: element["comment"]?.stringValue ?? "")
        }
    }
}
