import OpsModel
import OpsRuntime
import Testing

@testable import ChaosServer

@Suite("What an undo may touch")
struct CompareAndRevertTests {
    private let compare = CompareAndRevert(before: Fingerprint(rawValue: "b"), ours: Fingerprint(rawValue: "o"))

    private func claim(_ state: Claim.State, _ value: String) -> Claim {
        Claim(resource: .directory("cache"), generation: 1, actionID: "r", state: state, fingerprint: value, at: .now())
    }

    @Test("Ours goes, before stays, anything else is left alone, the unreadable is asked again")
    func table() {
        #expect(self.compare.decide(live: Fingerprint(rawValue: "o"), claim: nil) == .restore)
        #expect(self.compare.decide(live: Fingerprint(rawValue: "b"), claim: nil) == .leaveClean)
        #expect(self.compare.decide(live: .absent, claim: nil) == .leaveSuperseded(seen: .absent))
        #expect(self.compare.decide(live: nil, claim: nil) == .retry)
    }

    @Test("A repair that wanted the very value owns it; an intended or abandoned one does not")
    func claims() {
        let ours = Fingerprint(rawValue: "o")
        #expect(self.compare.decide(live: ours, claim: self.claim(.done, "o")) == .leaveSuperseded(seen: ours))
        #expect(self.compare.decide(live: ours, claim: self.claim(.done, "x")) == .restore)
        #expect(self.compare.decide(live: ours, claim: self.claim(.intended, "o")) == .restore)
        #expect(self.compare.decide(live: ours, claim: self.claim(.abandoned, "o")) == .restore)
    }

    @Test("While a repair is under way and keeps the resource, only the fault's own value says anything for certain")
    func underWay() {
        let mended = Fingerprint(rawValue: "m")
        let under = self.claim(.intended, "m")
        for live in [mended, Fingerprint(rawValue: "b")] {
            #expect(self.compare.decide(live: live, claim: under, isAlone: false) == .retry)
        }
        #expect(self.compare.decide(live: Fingerprint(rawValue: "o"), claim: under, isAlone: false) == .restore)
        #expect(self.compare.decide(live: mended, claim: under, isAlone: true) == .leaveSuperseded(seen: mended))
        let done = self.claim(.done, "m")
        #expect(self.compare.decide(live: mended, claim: done, isAlone: false) == .leaveSuperseded(seen: mended))
    }
}
