import ChaosClient
import OpsModel
import Testing

@testable import ChaosServer

@Suite("How far a fault may fall short of what was asked for")
struct ToleranceTests {
    private func isEnough(_ tolerance: Tolerance, _ requested: Double?, _ achieved: Double?) -> Bool {
        tolerance.refusal(requested: requested, achieved: achieved, unit: "MiB") == nil
    }

    @Test("Exactly what was asked for is enough, and less is not")
    func exact() {
        #expect(self.isEnough(.exact, 3, 3))
        #expect(!self.isEnough(.exact, 3, 2))
        #expect(!self.isEnough(.exact, 1, 0))
        #expect(self.isEnough(.exact, 0, 2), "there is nothing to fall short of")
    }

    @Test("A share less is enough, and a bit more than that is not")
    func share() {
        let tolerance = Tolerance(share: 0.05, orWhatIsLeft: false)
        #expect(self.isEnough(tolerance, 200, 190))
        #expect(!self.isEnough(tolerance, 200, 189.9))
    }

    @Test("What the target has left is enough if it is anything at all")
    func whatIsLeft() {
        #expect(self.isEnough(.whatIsLeft, 1000, 10))
        #expect(!self.isEnough(.whatIsLeft, 1000, 0))
        #expect(self.isEnough(Tolerance(share: 0.05, orWhatIsLeft: true), 256, 31))
    }

    @Test("What is not counted is not refused")
    func uncounted() {
        #expect(self.isEnough(.exact, nil, 5))
        #expect(self.isEnough(.exact, 1, nil))
    }

    @Test("What falls short is refused as not applied, with both figures")
    func words() throws {
        let refusal = try #require(Tolerance.exact.refusal(requested: 2, achieved: 1, unit: "processes"))
        #expect(refusal.code == .notApplied)
        #expect(refusal.message.contains("1.0 of 2.0") && refusal.message.contains("processes"))
    }

    @Test("Every fault says a tolerance that can be kept, and the catalogue shows it")
    func catalogue() throws {
        for fault in FaultCatalog.descriptions {
            #expect((0..<1).contains(fault.tolerance.share), "\(fault.kind.rawValue)")
            let offer = try OpsJSON.decode(FaultOffer.self, from: OpsJSON.encode(fault.json))
            #expect(offer.tolerance == fault.tolerance.share && offer.orWhatIsLeft == fault.tolerance.orWhatIsLeft)
        }
    }
}
