import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// `ChaosServer link`: stands in the network namespace of one instance, for as long as the lab runs, and closes ways out of it
/// for a few seconds each time it is asked to.
///
/// It holds nothing itself: the kernel does, and opens what nobody asks for again. Where instances share the machine's own
/// namespace, what one of them sends is told by the address it calls from. A machine on which no rule can be made has nothing
/// that could be closed, and is told so when it is asked.
enum LinkProgram {
    static func main(socket: String, rules: LinkRules) -> Int32 {
        ignoreBrokenPipes()
        let log = Logger(label: "chaos-link")
        let namespace = NetworkNamespace(rules)
        let door = LinkDoor(namespace).listener(at: socket)
        // Before anybody can ask: what the kernel still holds for a program that died must not be called open.
        do throws(ChaosError) { try namespace.setUp() } catch {
            log.warning("no way can be closed here", ["error": .string(error.description)])
        }
        do {
            unlink(socket)
            try door.start()
        } catch {
            log.error("nobody can ask for ways to be closed", ["error": .string("\(error)")])
            return 1
        }
        var wasConnected = true
        while true {
            _ = Descriptors.ready([], milliseconds: 1_000)
            let isConnected = namespace.isConnected
            if wasConnected, !isConnected { log.info("the instance has another network namespace now") }
            wasConnected = isConnected
            if isConnected { namespace.names.refresh() }
        }
    }
}
