import OpsModel
import Testing

@testable import ChaosServer

@Suite("How far faults may go")
struct IntensityCapsTests {
    private func parameters(_ given: [String: JSONValue], of kind: FaultKind) throws -> Parameters {
        try Parameters(given, of: FaultCatalog.description(of: kind))
    }

    @Test("More than a cap is refused with 403, defaults included; up to it is not")
    func caps() throws {
        let caps = try IntensityCaps(["cache-corrupt": ["share": 0.5]])
        for (given, isRefused) in [(["share": 0.5], false), (["share": 0.51], true), ([:], true)]
            as [([String: JSONValue], Bool)]
        {
            let refusal = caps.refusal(.cacheCorruption, try self.parameters(given, of: .cacheCorruption))
            #expect((refusal != nil) == isRefused, "\(given)")
            #expect(refusal == nil || ErrorMapping.status(of: .overCap) == 403 && refusal?.code == .overCap)
        }
        #expect(caps.refusal(.networkLoss, try self.parameters(["to": "db"], of: .networkLoss)) == nil)
        #expect(IntensityCaps.none.refusal(.cacheCorruption, try self.parameters([:], of: .cacheCorruption)) == nil)
    }

    @Test("Caps that the catalogue does not know are all named at once")
    func unknown() {
        let error = #expect(throws: ChaosError.self) {
            try IntensityCaps([
                "cache-corrupt": ["mode": 1, "colour": 1, "share": 7], "db-melt": ["heat": 1],
            ])
        }
        for problem in [
            "cache-corrupt.mode: not a number", "cache-corrupt.colour: no such parameter",
            "cache-corrupt.share: outside 0.05 to 1.0", "db-melt: no such fault",
        ] {
            #expect(error?.message.contains(problem) == true, "\(problem)")
        }
    }

    @Test("The shop's own caps are caps of the catalogue, and no scenario draws more")
    func shop() throws {
        let caps = try IntensityCaps(["net-loss": ["share": 80]])
        #expect(caps.refusal(.networkLoss, try self.parameters(["to": "db", "share": 60], of: .networkLoss)) == nil)
        #expect(caps.refusal(.networkLoss, try self.parameters(["to": "db", "share": 81], of: .networkLoss)) != nil)
    }
}
