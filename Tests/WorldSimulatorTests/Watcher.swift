@testable import ChaosServer

/// Who watches: the guard, or the server by its second duty.
enum Seat: Hashable, Sendable { case server, guardian }

/// A watching process's memory, as `Watch` keeps it beside its state machine.
struct Watcher: Sendable {
    struct Later: Sendable {
        var fault: String
        var cause: EndCause
        var at: UInt64
    }

    var machine = WatchStateMachine()
    var silence = Silence()
    /// Processes that are watched, in the order in which that began.
    var processes: [(peer: Peer, pid: Int)] = []
    /// Those of them that are listened to.
    var listening: [Peer] = []
    var deadlines: [(fault: String, at: UInt64, wall: Double)] = []
    var undos: [(fault: String, pid: Int)] = []
    var stillSince: [Int: UInt64] = [:]
    var later: [Later] = []
    var isLatched = false
    /// The last word that was spoken before it listened.
    var lastListen = 0

    func pid(_ peer: Peer) -> Int? { processes.first { $0.peer == peer }?.pid }

    mutating func add(_ peer: Peer, _ pid: Int, listening isListening: Bool, at now: UInt64) {
        if self.pid(peer) == nil { processes.append((peer, pid)) }
        guard isListening else { return }
        if !listening.contains(peer) { listening.append(peer) }
        silence.hear(peer, at: now)
    }

    mutating func remove(_ peer: Peer) {
        processes.removeAll { $0.peer == peer }
        listening.removeAll { $0 == peer }
        silence.forget(peer)
    }
}

struct Guardian: Sendable {
    /// What arrived and waits for the guard's next turn.
    enum Letter: Sendable {
        case arm(fault: Int)
        case hello(Peer, Int)
    }

    var pid: Int
    var watch = Watcher()
    var inbox: [Letter] = []
    /// Faults for which it has answered that it will end them.
    var promised: [Int] = []
}
