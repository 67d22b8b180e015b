import Glibc
import OpsSystem

/// Which of the injector's programs this process is.
enum Program {
    private static let usage = """
        usage: ChaosServer serve --config FILE
               ChaosServer revert [FAULT ...] [--all] --state DIR [--reason TEXT [--actor NAME]]
               ChaosServer guard --state DIR --socket FILE [--apart]
                                                                (started by serve; apart: in a container of its own)
               ChaosServer hold                                 (started by serve)
               ChaosServer proxy --keys FILE [--listen HOST:PORT] (stands between; the API of toxiproxy, see --help)
               ChaosServer proxy-worker                         (started by proxy)
               ChaosServer link --socket FILE [--table NAME --source ADDRESS]
                                                                (in the network namespace of an instance; with others there,
                                                                the address that this one calls from)

        """

    static func main(_ arguments: [String]) -> Never {
        let rest = Array(arguments.dropFirst(2))
        switch arguments.dropFirst().first {
        case "serve": ServeProgram.main(rest)
        case "guard": exit(self.guardian(rest))
        case "hold": exit(HoldProgram.main())
        case "link": exit(self.link(rest))
        case "proxy": ProxyProgram.main(rest)
        case "proxy-worker": ProxyWorker.main(rest)
        case "revert": exit(RevertProgram.main(rest))
        case "--help", "-h", "help": self.leave(0)
        default: self.leave(2)
        }
    }

    private static func guardian(_ arguments: [String]) -> Int32 {
        let words = PlainArguments(arguments, flags: ["apart"])
        guard let state = words["state"], let socket = words["socket"] else { self.leave(2) }
        return GuardProgram.main(state: state, socket: socket, isApart: words.flags.contains("apart"))
    }

    private static func link(_ arguments: [String]) -> Int32 {
        let words = PlainArguments(arguments)
        guard let socket = words["socket"] else { self.leave(2) }
        return LinkProgram.main(
            socket: socket,
            rules: LinkRules(table: words["table"] ?? "lab", source: words["source"])
        )
    }

    private static func leave(_ code: Int32) -> Never {
        // Nobody may listen
        try? FileDescriptor(owning: dup(code == 0 ? 1 : 2)).write(Array(self.usage.utf8), doing: "say")
        exit(code)
    }
}

/// `--name value` and plain words, for programs that must work when nothing else does.
struct PlainArguments {
    private var values: [String: String] = [:]
    private(set) var flags: Set<String> = []
    private(set) var words: [String] = []

    init(_ arguments: [String], flags known: Set<String> = []) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                self.words.append(word)
                continue
            }
            let name = String(word.dropFirst(2))
            if known.contains(name) { self.flags.insert(name) } else { self.values[name] = rest.popFirst() }
        }
    }

    subscript(_ name: String) -> String? { self.values[name] }
}
