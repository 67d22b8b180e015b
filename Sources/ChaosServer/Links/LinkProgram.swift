import Glibc
import OpsHTTP
import OpsModel
import OpsService
import OpsSystem

/// `ChaosServer link`: stands in the network namespace of one instance, for as long as the lab runs, and closes ways out of it
/// for a few seconds each time it is asked to.
///
/// It holds nothing itself: the kernel does, and opens what nobody asks for again.
enum LinkProgram {
    static func main(socket: String) -> Int32 {
        ignoreBrokenPipes()
        let log = Logger(label: "chaos-link")
        let namespace = NetworkNamespace()
        let door = LinkDoor(namespace: namespace).listener(at: socket)
        do {
            try namespace.setUp()
            unlink(socket)
            try door.start()
        } catch {
            log.error("the way out cannot be watched", ["error": .string("\(error)")])
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
