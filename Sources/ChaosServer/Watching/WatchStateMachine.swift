/// What a watching process owes the faults it has promised to end: the guard's whole mind, and the server's second duty.
///
/// It knows no clock; `Silence` tells it who has been quiet, and the lease's end arrives as an event.
struct WatchStateMachine: Hashable, Sendable {
    enum Event: Hashable, Sendable {
        /// A record was read back from disk and is ours to end.
        case promised(String)
        /// Nothing heard for too long.
        case silent(Peer)
        /// The process has ended.
        case ended(Peer)
        case leaseOver(String)
        case asked(String)
        case latched
        /// An undo ended; false when something is still waiting.
        case undone(String, isFinal: Bool)
        /// The record says that the fault is closed.
        case closed(String)
    }

    enum Action: Hashable, Sendable {
        /// A process that is only stopped could wake up later and act: end it, and treat it as dead once it is.
        case kill(Peer)
        case undo(String, EndCause)
        case undoLater(String, EndCause, attempt: Int)
        case replaceGuard
    }

    private struct Watch: Hashable, Sendable {
        var cause: EndCause?
        var attempts = 0
    }

    private var watches: [String: Watch] = [:]

    /// The faults not yet known to be over.
    var open: [String] { self.watches.keys.sorted() }

    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .promised(let fault):
            if self.watches[fault] == nil { self.watches[fault] = Watch() }
            return []
        case .silent(let peer): return [.kill(peer)]
        case .ended(.server): return self.undoAll(.sweep)
        case .ended(.guardian): return [.replaceGuard]
        case .ended(.holder(let fault)): return self.undo(fault, .holder)
        case .leaseOver(let fault): return self.undo(fault, .lease)
        case .asked(let fault): return self.undo(fault, .request)
        case .latched: return self.undoAll(.kill)
        case .undone(let fault, let isFinal): return isFinal ? self.forget(fault) : self.retry(fault)
        case .closed(let fault): return self.forget(fault)
        }
    }

    /// Nanoseconds until an undo is tried again for the n-th time.
    ///
    /// What it waits for may come back at any moment, and the fault has to be gone two seconds later.
    static func pause(beforeAttempt attempt: Int) -> UInt64 { min(125_000_000 << UInt64(attempt), 1_000_000_000) }

    private mutating func undoAll(_ cause: EndCause) -> [Action] { self.open.flatMap { self.undo($0, cause) } }

    /// One undo at a time and fault; the first cause is the one that counts.
    private mutating func undo(_ fault: String, _ cause: EndCause) -> [Action] {
        guard let watch = self.watches[fault], watch.cause == nil else { return [] }
        self.watches[fault]?.cause = cause
        return [.undo(fault, cause)]
    }

    private mutating func retry(_ fault: String) -> [Action] {
        guard var watch = self.watches[fault], let cause = watch.cause else { return [] }
        watch.attempts = min(watch.attempts + 1, 8)
        self.watches[fault] = watch
        return [.undoLater(fault, cause, attempt: watch.attempts)]
    }

    private mutating func forget(_ fault: String) -> [Action] {
        self.watches[fault] = nil
        return []
    }
}
