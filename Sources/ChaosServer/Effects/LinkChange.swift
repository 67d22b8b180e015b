import OpsModel
import OpsRuntime
import OpsSystem

/// Ways out of one instance that are closed because of us.
///
/// What is closed is so for three seconds at most without somebody who asks again: an undo that finds nobody to ask finds the
/// ways open a moment later. An instance that was started anew has a namespace without any rule of ours.
struct LinkChange: Hashable, Sendable, Reversible {
    /// How long the kernel, or the proxy, keeps closed what nobody asks for again.
    static let timeToLiveS = 3.0

    var place: LinkPlace
    /// Each `HOST:PORT`.
    var ways: [String]
    /// Who closed them, in the kernel's or the proxy's own list.
    var token: String
    var impairment = Impairment.closed

    var before: Fingerprint { Fingerprint(rawValue: "open") }
    var ours: Fingerprint { Fingerprint(rawValue: "closed by \(self.token)") }
    var mark: FaultMark { FaultMark(.link, self.place.instance) }
    var undoing: String { "the ways that have its mark are opened" }

    /// Only elements with our token are taken out, whatever else is closed.
    func compareAndRevert(
        _ decide: (Fingerprint?) -> CompareAndRevert.Decision
    ) throws(ChaosError) -> EffectOutcome {
        let client = LinkClient(place: self.place)
        switch decide(try self.live(client)) {
        case .leaveClean: return .alreadyClean
        case .leaveSuperseded(let seen): return .superseded(seen: seen)
        case .retry: return .pending(waitsFor: "a word about the ways out of \(self.place.instance)")
        case .restore:
            let state = try client.open(self.token)
            guard let state, !self.isHeld(in: state) else {
                return .pending(waitsFor: "the ways out of \(self.place.instance) to open")
            }
            return .reverted
        }
    }

    var closing: LinkClosing {
        LinkClosing(token: self.token, ways: self.ways, seconds: Self.timeToLiveS, impairment: self.impairment)
    }

    /// Whether the instance's own namespace is closed by us.
    func isHeld(in state: LinkState) -> Bool { state.isCurrent && state.closed.contains { $0.token == self.token } }

    /// What a dead holder has still sent closes nothing after this look.
    ///
    /// Without anybody to ask, an instance that is down has no namespace; one that runs may have one with our rule.
    private func live(_ client: LinkClient) throws(ChaosError) -> Fingerprint? {
        if let state = try client.fence(self.token) { return self.isHeld(in: state) ? self.ours : self.before }
        guard let program = self.place.program else { return try self.liveWithoutProgram(client) }
        let control = TargetSupervisor(self.place.supervisor)
        guard try control.state(of: self.place.instance).phase == .running else { return self.before }
        try? control.start(program)  // the next attempt asks it
        return nil
    }

    /// Where nobody has listened for as long as the kernel keeps anything closed, nothing is closed any more.
    private func liveWithoutProgram(_ client: LinkClient) throws(ChaosError) -> Fingerprint? {
        let end = BootClock.now() + UInt64(Self.timeToLiveS * 1e9)
        while client.isAbsent {
            if BootClock.now() > end { return self.before }
            _ = Descriptors.ready([], milliseconds: 50)
        }
        return try client.fence(self.token).map { self.isHeld(in: $0) ? self.ours : self.before }
    }
}

extension LinkChange: Codable {
    private enum CodingKeys: String, CodingKey { case place, ways, token }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            place: try members.decode(LinkPlace.self, forKey: .place),
            ways: try members.decode([String].self, forKey: .ways),
            token: try members.decode(String.self, forKey: .token),
            impairment: try Impairment(from: decoder)
        )
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(self.place, forKey: .place)
        try members.encode(self.ways, forKey: .ways)
        try members.encode(self.token, forKey: .token)
        try self.impairment.encode(to: encoder)
    }
}
