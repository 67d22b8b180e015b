/// One kind of call that is let through to the engine: a method, exact paths, and what query and body have to be.
///
/// Each pattern says what is let through, none what is refused: one that runs into a limit of its engine does not match.
struct EngineProxyRule: Sendable {
    /// A named test of haproxy's.
    struct Condition: Equatable, Sendable {
        let name: String
        let test: String

        var line: String { "acl \(self.name) \(self.test)" }
    }

    let name: String
    let method: Condition
    /// How haproxy is to compare the path without its version, and with what.
    let paths: [String]
    var query = Condition.noQuery
    var body = Condition.noBody

    var conditions: [Condition] { [self.method, self.query, self.body] }

    var lines: [String] {
        let names = self.conditions.map(\.name).joined(separator: " ")
        return self.paths.map { "acl \(self.name) var(txn.call) \($0)" }
            + ["http-request allow if plain !odd \(self.name) \(names)"]
    }

    static func looking(at names: [String]) -> [Self] {
        [
            .about,
            .state(of: names),
            .usage(of: names),
            Self(name: "logs", method: .get, paths: self.paths(names, ["logs"]), query: .window),
        ]
    }

    static func repairing(_ names: [String]) -> [Self] {
        [
            .about,
            .state(of: names),
            Self(name: "stop", method: .post, paths: self.paths(names, ["restart", "stop"]), query: .patience),
            Self(name: "kill", method: .post, paths: self.paths(names, ["kill"]), query: .signal),
            Self(name: "resume", method: .post, paths: self.paths(names, ["start", "unpause"])),
        ]
    }

    /// Of `links` only the starting anew is let through.
    static func breaking(_ names: [String], links: [String]) -> [Self] {
        guard !names.isEmpty else { return [] }
        let own = self.paths(links, ["start"])
        return [
            .state(of: names + links),
            .usage(of: names),
            Self(name: "stop", method: .post, paths: self.paths(names + links, ["stop"]), query: .patience),
            Self(name: "kill", method: .post, paths: self.paths(names, ["kill"]), query: .signal),
            Self(name: "resume", method: .post, paths: self.paths(names, ["start", "pause", "unpause"]) + own),
            Self(name: "exec", method: .post, paths: self.paths(names, ["exec"]), body: .command),
            Self(name: "exec-start", method: .post, paths: ["-m reg ^/exec/[0-9a-f]{64}/start$"], body: .detached),
            Self(name: "exec-state", method: .get, paths: ["-m reg ^/exec/[0-9a-f]{64}/json$"]),
        ]
    }

    private static let about = Self(name: "about", method: .get, paths: ["-m str /_ping", "-m str /version"])

    private static func state(of names: [String]) -> Self {
        Self(name: "state", method: .get, paths: self.paths(names, ["json"]))
    }

    private static func usage(of names: [String]) -> Self {
        Self(name: "stats", method: .get, paths: self.paths(names, ["stats"]), query: .once)
    }

    private static func paths(_ names: [String], _ verbs: [String]) -> [String] {
        names.flatMap { name in verbs.map { verb in "-m str /containers/\(name)/\(verb)" } }
    }
}

extension EngineProxyRule.Condition {
    static let get = Self(name: "get", test: "method -m str GET")
    static let post = Self(name: "post", test: "method -m str POST")
    static let noQuery = Self(name: "no-query", test: "var(txn.query) -m len 0")
    static let noBody = Self(name: "no-body", test: "req.body_size eq 0")

    /// One sample; without `stream` the engine would send one after the other.
    static let once = asking(for: "once", "[?](?:\(still)(?:&\(oneShot))?|\(oneShot)&\(still))")

    /// What was logged; without `follow` the answer ends.
    static let window = asking(for: "window", query(of: stream, time, tail))

    /// How long to wait for a clean end; the proxy itself waits 30 s for the engine.
    static let patience = asking(for: "patience", "(?:\(query(of: wait, signalName)))?")

    static let signal = asking(for: "signal", "(?:[?]\(signalName))?")

    /// A command to run as whoever the container runs as.
    ///
    /// Only these members, in ASCII and without `\u`: the engine knows `User` and `Privileged` in any case, escaped, and with
    /// the letters that Unicode folds to theirs.
    static let command = sending("command", "(?(DEFINE)(?<text>\(text))(?<list>\(list))(?<member>\(member)))\(object)")

    /// Otherwise the engine would hand over the connection, and nobody judges what is said on it.
    static let detached = sending(
        "detached",
        #"\A\s*+\{\s*+"Detach"\s*+:\s*+true\s*+(?:,\s*+"Tty"\s*+:\s*+false\s*+)?\}\s*+\z"#
    )

    private static let boolean = "(?:0|1|true|false)"
    private static let still = "stream=(?:0|false)"
    private static let oneShot = "one-shot=\(boolean)"
    private static let stream = "(?:stdout|stderr|timestamps)=\(boolean)"
    private static let time = "(?:since|until)=[0-9]{1,10}(?:[.][0-9]{1,9})?"
    private static let tail = "tail=(?:all|[0-9]{1,6})"
    private static let wait = "(?:t|timeout)=(?:20|1?[0-9])"
    private static let signalName = "signal=[A-Z0-9]{1,10}"

    private static let text = #""(?:[ !#-\[\]-~]|\\["\\/bfnrt])*+""#
    private static let list = #"\[\s*+(?:(?&text)(?:\s*+,\s*+(?&text))*+)?\s*+\]"#
    private static let member = [
        #""Attach(?:Stdout|Stderr)"\s*+:\s*+(?:true|false)"#,
        #""(?:Cmd|Env)"\s*+:\s*+(?&list)"#,
        #""WorkingDir"\s*+:\s*+(?&text)"#,
    ]
    .joined(separator: "|")
    private static let object = #"\A\s*+\{\s*+(?&member)(?:\s*+,\s*+(?&member))*+\s*+\}\s*+\z"#

    private static func asking(for name: String, _ pattern: String) -> Self {
        Self(name: name, test: "var(txn.query) -m reg '^\(pattern)$'")
    }

    private static func sending(_ name: String, _ pattern: String) -> Self {
        Self(name: name, test: "req.body -m reg '\(pattern)'")
    }

    /// These parameters in any order, none of them twice.
    ///
    /// The group has a name because haproxy numbers groups only where it needs their text itself.
    private static func query(of parameters: String...) -> String {
        let one = "(?:\(parameters.joined(separator: "|")))"
        return #"[?](?!(?:.*&)?(?<one>[a-z-]+)=.*&\k<one>=)\#(one)(?:&\#(one))*"#
    }
}
