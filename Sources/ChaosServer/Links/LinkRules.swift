import OpsModel

/// The rules by which a network namespace lets nothing out to some addresses, as nftables takes and lists them; pure text.
///
/// The rule itself is there from the start and matches a set that is empty. What goes into the set has a time to live that the
/// kernel keeps: whatever dies, the way is open again when it is over.
struct LinkRules: Hashable, Sendable {
    /// The name of the table, which nobody else's has.
    var table = "lab"
    /// The address that the instance calls from, where it shares the namespace with others; nil where it is alone there.
    var source: String?

    /// Makes the rule by which nothing gets through where it is missing, and leaves alone what is in its set.
    var setUp: String { "add table inet \(self.table)\n" + self.rule(losing: nil) }

    /// Arguments that list the table as JSON.
    var list: [String] { ["-j", "list", "table", "inet", self.table] }

    /// Closes ways, or gives those that are closed a new time to live, in one step.
    ///
    /// An element that is there keeps its old time when it is added once more, so each is taken out in between. What loses only a
    /// share has its rule made with it: not every kernel can draw lots.
    func close(
        _ ways: [(address: String, port: Int)],
        losing share: Int? = nil,
        token: String,
        milliseconds: Int
    ) -> String {
        guard !ways.isEmpty else { return "" }
        let set = self.set(losing: share)
        let elements = ways.map { way in
            let key = self.key(way.address, way.port)
            let element = "\(set) { \(key) timeout \(milliseconds)ms comment \"\(token)\" }"
            return "add element \(element)\ndelete element \(set) { \(key) }\nadd element \(element)\n"
        }
        return (share == nil ? "" : self.rule(losing: share)) + elements.joined()
    }

    /// Opens ways again; one that is open already must not be among them.
    func open(_ closed: [ClosedWay]) -> String {
        closed.map {
            "delete element \(self.set(losing: $0.impairment.lostPercent)) { \(self.key($0.address, $0.port)) }\n"
        }.joined()
    }

    /// What is in the sets, from the answer to ``list``; nil for an answer that is none.
    static func closed(in answer: JSONValue) -> [ClosedWay]? {
        guard let objects = answer["nftables"]?.arrayValue, objects.contains(where: { $0["table"] != nil }) else {
            return nil
        }
        return objects.compactMap { $0["set"] }.flatMap { set in
            (set["elem"]?.arrayValue ?? []).compactMap { self.closed($0, in: set["name"]?.stringValue ?? "") }
        }
    }

    private static func closed(_ entry: JSONValue, in set: String) -> ClosedWay? {
        let element = entry["elem"] ?? entry
        let key = (element["val"] ?? element)["concat"]?.arrayValue ?? []
        guard let address = key.dropLast().last?.stringValue, let port = key.last?.intValue else { return nil }
        let share = set.hasPrefix(self.some) ? Int(set.dropFirst(self.some.count)) : nil
        return ClosedWay(
            address: address,
            port: port,
            token: element["comment"]?.stringValue ?? "",
            impairment: share.map { .loss(percent: $0) } ?? .closed
        )
    }

    private static let all = "held"
    private static let some = "lost"

    private func name(losing share: Int?) -> String { share.map { "\(Self.some)\($0)" } ?? Self.all }
    private func set(losing share: Int?) -> String { "inet \(self.table) \(self.name(losing: share))" }

    private func key(_ address: String, _ port: Int) -> String {
        ([self.source, address].compactMap(\.self) + ["\(port)"]).joined(separator: " . ")
    }

    /// A set, and a chain of its own with the one rule about it.
    private func rule(losing share: Int?) -> String {
        let (kind, match) = self.source == nil ? ("", "") : ("ipv4_addr . ", "ip saddr . ")
        let chain = "inet \(self.table) out-\(self.name(losing: share))"
        let lot = share.map { " numgen random mod 100 < \($0)" } ?? ""
        return """
            add set \(self.set(losing: share)) { type \(kind)ipv4_addr . inet_service; flags timeout; }
            add chain \(chain) { type filter hook output priority 0; policy accept; }
            flush chain \(chain)
            add rule \(chain) \(match)ip daddr . tcp dport @\(self.name(losing: share))\(lot) drop

            """
    }
}
