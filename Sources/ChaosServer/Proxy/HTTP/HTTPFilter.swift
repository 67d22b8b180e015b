/// Follows the requests and answers of one HTTP/1.1 connection, and puts wrong answers in the place of right ones.
///
/// Tell it what came, and hand on what it returns. One request is under way at a time: what a client sends ahead waits here, so
/// that answers keep their order. Whatever it does not understand without doubt it lets pass untouched, for good.
struct HTTPFilter {
    /// What goes on, in this order.
    struct Output: Equatable {
        var toServer: [UInt8] = []
        var toClient: [UInt8] = []
        var endsServer = false
        var endsClient = false
    }

    private enum Mode {
        /// Begun in the middle of a connection: waits for the next request that follows an answer.
        case joining
        case following
        /// No HTTP that one could follow.
        case foreign
        /// The client was told that this is the end.
        case over
    }

    /// A request, and what has become of it.
    private struct Exchange {
        var method: String
        /// Answered here: the server sees nothing of it.
        var own: HTTPFault?
        var closes = false
        /// Done to the server's answer.
        var change: HTTPFault?
        var request: HTTPBody
        var answer: HTTPBody?
        var dropsAnswer = false

        var isOver: Bool { self.request.state == .finished && self.answer?.state == .finished }
    }

    /// Those of HTTP alone.
    var toxics: [Toxic] = []
    private let lots: RequestLots
    private var mode: Mode
    private var serverSpokeLast: Bool
    private var exchange: Exchange?
    /// From the client, and not yet looked at or not yet wanted.
    private var ahead: ArraySlice<UInt8> = []
    private var searched = 0
    /// The beginning of an answer's head.
    private var head: ArraySlice<UInt8> = []
    private var isPaused = false
    private var clientHasEnded = false

    /// - Parameters:
    ///   - lots: Which requests have a toxic that not all have.
    ///   - isFresh: Nothing has passed on this connection yet.
    ///   - serverSpokeLast: Where something has, whether the last of it came from the server.
    init(lots: RequestLots, isFresh: Bool, serverSpokeLast: Bool) {
        self.lots = lots
        self.mode = isFresh ? .following : .joining
        self.serverSpokeLast = serverSpokeLast
    }

    /// Whether nobody would notice if it were gone.
    var isIdle: Bool {
        switch self.mode {
        case .foreign, .over: false  // it has to be remembered
        case .joining: true
        case .following: self.exchange == nil && self.ahead.isEmpty && self.head.isEmpty
        }
    }

    /// Whether the client has to wait with what it sends.
    var isHolding: Bool {
        self.isPaused || (self.exchange?.request.state == .finished && !self.ahead.isEmpty)
    }

    /// Whether it would go on if it were asked: after an answer of its own it lets the client take that first.
    var canResume: Bool { self.isPaused }

    mutating func fromClient(_ bytes: ArraySlice<UInt8>) -> Output {
        switch self.mode {
        case .foreign: return Output(toServer: Array(bytes))
        case .over: return Output()
        case .joining:
            let begins = self.serverSpokeLast && HTTPHead.look(at: bytes, isRequest: true, from: 0) != .foreign
            self.serverSpokeLast = false
            guard begins else { return Output(toServer: Array(bytes)) }
            self.mode = .following
        case .following: break
        }
        self.ahead += bytes
        return self.goOn()
    }

    mutating func resume() -> Output {
        self.isPaused = false
        return self.goOn()
    }

    mutating func clientEnded() -> Output {
        self.clientHasEnded = true
        return self.goOn()
    }

    mutating func fromServer(_ bytes: ArraySlice<UInt8>) -> Output {
        self.serverSpokeLast = true
        switch self.mode {
        case .joining, .foreign: return Output(toClient: Array(bytes))
        case .over: return Output()
        case .following: break
        }
        // Nobody asked it: what it sends to say goodbye does not answer the request that it has not seen.
        if self.exchange?.own != nil { return Output() }
        var output = Output()
        self.head += bytes
        while !self.head.isEmpty, self.mode == .following, self.takeAnswer(&output) {}
        if self.mode == .foreign {
            output.toClient += self.head
            self.head = []
        }
        return output + self.goOn()
    }

    mutating func serverEnded() -> Output {
        var output = Output()
        output.toClient += self.head
        self.head = []
        output.endsClient = true
        if self.mode == .over { output.endsServer = true }
        // Whoever still sends may; nothing of it will be answered.
        if self.mode == .following { self.mode = self.exchange?.own == nil ? .foreign : .over }
        return output + self.goOn()
    }

    /// Takes what it can of what the client sent ahead.
    private mutating func goOn() -> Output {
        var output = Output()
        while self.mode == .following, !self.isPaused, !self.ahead.isEmpty, self.takeRequest(&output) {}
        if self.mode == .foreign || (self.clientHasEnded && self.exchange == nil && !self.isPaused) {
            output.toServer += self.ahead
            self.ahead = []
        }
        if self.mode == .over { self.ahead = [] }
        if self.clientHasEnded, self.ahead.isEmpty, !self.isPaused {
            output.endsServer = true
            // The rest of a request that is answered here will not come.
            if self.exchange?.own != nil { output.endsClient = true }
        }
        return output
    }

    /// One step with what the client sent; false when more of it is needed, or an answer.
    private mutating func takeRequest(_ output: inout Output) -> Bool {
        guard var exchange = self.exchange else { return self.begin(&output) }
        guard exchange.request.state == .goesOn else { return false }
        let count = exchange.request.take(self.ahead)
        if exchange.own == nil { output.toServer += self.ahead.prefix(count) }
        self.ahead = self.ahead.dropFirst(count)
        self.exchange = exchange
        if exchange.request.state == .broken {
            if exchange.own == nil { self.mode = .foreign } else { self.exchange?.closes = true }
        }
        if exchange.request.state != .goesOn, exchange.own != nil { self.answer(&output) }
        if exchange.isOver { self.exchange = nil }
        return true
    }

    /// Begins with a request, once its head is there.
    private mutating func begin(_ output: inout Output) -> Bool {
        switch HTTPHead.look(at: self.ahead, isRequest: true, from: self.searched) {
        case .unfinished:
            self.searched = self.ahead.count
            return false
        case .foreign: self.mode = .foreign
        case .complete(let count):
            let bytes = self.ahead.prefix(count)
            guard let head = HTTPHead(bytes, isRequest: true), let framing = HTTPFraming(request: head) else {
                self.mode = .foreign
                break
            }
            self.ahead = self.ahead.dropFirst(count)
            self.start(head, framing)
            if self.exchange?.own == nil {
                output.toServer += bytes
            } else if framing == .none {
                self.answer(&output)
            }
        }
        self.searched = 0
        return true
    }

    private mutating func start(_ head: HTTPHead, _ framing: HTTPFraming) {
        var exchange = Exchange(method: head.words[0], request: HTTPBody(framing))
        for toxic in self.toxics {
            guard case .http(let fault) = toxic.effect, fault.isMeant(head.words[0], head.words[1]),
                self.lots.has(toxic)
            else { continue }
            switch toxic.stream {
            case .upstream: exchange.own = exchange.own?.overlaid(with: fault) ?? fault
            case .downstream: exchange.change = exchange.change?.overlaid(with: fault) ?? fault
            }
        }
        // Who asks first whether to send a body may or may not send it after another answer.
        exchange.closes =
            head.words[2] == "HTTP/1.0" || head.has("expect") || head.list("connection").contains("close")
        self.exchange = exchange
    }

    /// Gives the answer that is none of the server's.
    private mutating func answer(_ output: inout Output) {
        guard let exchange = self.exchange, let fault = exchange.own else { return }
        output.toClient += HTTPAnswer.own(fault, to: exchange.method, closes: exchange.closes)
        self.exchange = nil
        if exchange.closes {
            self.mode = .over
            output.endsClient = true
        } else {
            self.isPaused = !self.ahead.isEmpty
        }
    }

    /// One step with what the server sent; false when more of it is needed.
    private mutating func takeAnswer(_ output: inout Output) -> Bool {
        guard var exchange = self.exchange else {
            self.mode = .foreign  // it spoke unasked
            return false
        }
        guard exchange.answer != nil else { return self.beginAnswer(&output) }
        let count = exchange.answer?.take(self.head) ?? 0
        if !exchange.dropsAnswer { output.toClient += self.head.prefix(count) }
        self.head = self.head.dropFirst(count)
        self.exchange = exchange.isOver ? nil : exchange
        guard exchange.answer?.state == .broken else { return count > 0 }
        self.mode = exchange.dropsAnswer ? .over : .foreign
        if exchange.dropsAnswer { output.endsClient = true }
        return false
    }

    private mutating func beginAnswer(_ output: inout Output) -> Bool {
        guard case .complete(let count) = HTTPHead.look(at: self.head, isRequest: false, from: 0),
            var exchange = self.exchange
        else {
            if HTTPHead.look(at: self.head, isRequest: false, from: 0) == .foreign { self.mode = .foreign }
            return false
        }
        let bytes = self.head.prefix(count)
        guard let head = HTTPHead(bytes, isRequest: false),
            let framing = HTTPFraming(response: head, to: exchange.method)
        else {
            self.mode = .foreign
            return false
        }
        self.head = self.head.dropFirst(count)
        // One that only says that there will be an answer.
        if head.words[1].hasPrefix("1") {
            output.toClient += bytes
            return true
        }
        let changed = exchange.change.flatMap {
            HTTPAnswer.changed(head, by: $0, to: exchange.method, framing: framing)
        }
        output.toClient += changed?.bytes ?? Array(bytes)
        exchange.dropsAnswer = changed?.dropsBody == true
        exchange.answer = HTTPBody(framing)
        self.exchange = exchange.isOver ? nil : exchange
        return true
    }
}

extension HTTPFilter.Output {
    static func + (first: Self, second: Self) -> Self {
        Self(
            toServer: first.toServer + second.toServer,
            toClient: first.toClient + second.toClient,
            endsServer: first.endsServer || second.endsServer,
            endsClient: first.endsClient || second.endsClient
        )
    }
}
