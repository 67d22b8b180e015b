import Glibc
import Synchronization

/// What happens in a ``StubEngine``: it remembers no more than a real one, and tells whoever asks and stays.
public final class StubEvents: Sendable {
    private struct State {
        var ring: [(time: Int, line: String)] = []
        var listeners: Set<Int32> = []
        var last = 0
    }

    private static let memory = 256
    private let state = Mutex(State())

    init() {}

    /// How many are being told.
    public var listeners: Int { state.withLock { $0.listeners.count } }

    /// Lets something happen to a container, and gives its moment in nanoseconds since 1970-01-01T00:00:00Z.
    @discardableResult
    public func happen(_ action: String, to container: String) -> Int {
        state.withLock { state in
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            state.last = max(state.last + 1, now.tv_sec * 1_000_000_000 + now.tv_nsec)
            let actor = #"{"ID":"id-\#(container)","Attributes":{"name":"\#(container)"}}"#
            let line =
                #"{"Type":"container","Action":"\#(action)","Actor":\#(actor),"timeNano":\#(state.last)}"# + "\n"
            state.ring = state.ring.suffix(Self.memory - 1) + [(state.last, line)]
            for listener in state.listeners { Self.say(line, to: listener) }
            return state.last
        }
    }

    /// Ends every connection of those who are being told.
    public func hangUp() {
        state.withLock { state in
            for listener in state.listeners { shutdown(listener, Int32(SHUT_RDWR)) }
            state.listeners = []
        }
    }

    /// Forgets everything, as an engine does that is restarted.
    public func forget() { state.withLock { $0.ring = [] } }

    /// Answers a question such as `/events?since=1.000000000`, which without an end lasts until one of both hangs up.
    func answer(_ question: String, to client: Int32) {
        let query = question.drop { $0 != "?" }.dropFirst().split(separator: "&")
        let since = Self.moment("since", in: query) ?? 0
        let end = Self.moment("until", in: query)
        state.withLock { state in
            Self.say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", to: client)
            let told = state.ring.filter { since <= $0.time && $0.time <= end ?? .max }
            Self.say(told.map(\.line).joined(), to: client)
            if end == nil { state.listeners.insert(client) }
        }
        guard end == nil else { return }
        var byte: UInt8 = 0
        _ = recv(client, &byte, 1, 0)
        _ = state.withLock { $0.listeners.remove(client) }
    }

    private static func moment(_ name: String, in query: [Substring]) -> Int? {
        let value = query.first { $0.hasPrefix("\(name)=") }?.dropFirst(name.count + 1)
        return value.flatMap { Int($0.filter { $0 != "." }) }
    }

    private static func say(_ text: String, to client: Int32) {
        let bytes = Array(text.utf8)
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))  // whoever hung up hears nothing
    }
}
