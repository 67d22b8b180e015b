import OpsModel
import Testing

@testable import ChaosServer

@Suite("How a way is bad")
struct ImpairmentTests {
    private static let texts: [(Impairment, String)] = [
        (.closed, #"{"seconds":3,"token":"f1","ways":["a:1"]}"#),
        (.loss(percent: 40), #"{"seconds":3,"share":40,"token":"f1","ways":["a:1"]}"#),
        (.delay(ms: 400, jitter: 0), #"{"delay_ms":400,"jitter_ms":0,"seconds":3,"token":"f1","ways":["a:1"]}"#),
        (.rate(kib: 8), #"{"kib":8,"seconds":3,"token":"f1","ways":["a:1"]}"#),
        (.reset(percent: 30), #"{"reset":30,"seconds":3,"token":"f1","ways":["a:1"]}"#),
    ]

    @Test("It is asked for in few words, and for what the kernel can do in those of ever", arguments: 0..<5)
    func words(_ index: Int) throws {
        let (impairment, text) = Self.texts[index]
        let closing = LinkClosing(token: "f1", ways: ["a:1"], seconds: 3, impairment: impairment)
        #expect(try OpsJSON.string(closing) == text)
        #expect(try OpsJSON.decode(LinkClosing.self, from: text.utf8) == closing)
        let state = LinkState(
            isCurrent: true,
            closed: [ClosedWay(address: "10.0.0.2", port: 80, token: "f1", impairment: impairment)]
        )
        #expect(try OpsJSON.decode(LinkState.self, from: OpsJSON.encode(state)) == state)
        let place = LinkPlace(supervisor: "s", instance: "api-1", program: nil, socket: "n")
        let change = Change.link(LinkChange(place: place, ways: ["a:1"], token: "f1", impairment: impairment))
        #expect(try OpsJSON.decode(Change.self, from: OpsJSON.encode(change)) == change)
    }

    @Test(
        "A way is bad in one respect, in whole numbers",
        arguments: [
            #""share": 40, "kib": 8"#, #""jitter_ms": 3"#, #""delay_ms": 1.5"#, #""reset": "all""#,
            #""delay_ms": 4, "jitter_ms": 1, "reset": 3"#,
        ]
    )
    func nonsense(_ members: String) {
        let text = #"{"token": "f1", "ways": ["a:1"], "seconds": 3, \#(members)}"#
        #expect(throws: (any Error).self) { try OpsJSON.decode(LinkClosing.self, from: text.utf8) }
    }

    @Test("Limits")
    func limits() {
        let allowed: [Impairment] = [
            .closed, .loss(percent: 1), .loss(percent: 99), .delay(ms: 1, jitter: 0), .delay(ms: 10_000, jitter: 5_000),
            .rate(kib: 1), .rate(kib: 10_240), .reset(percent: 1), .reset(percent: 100),
        ]
        for impairment in allowed { #expect(self.problem(impairment) == nil, "\(impairment)") }
        let refused: [Impairment] = [
            .loss(percent: 0), .loss(percent: 100), .loss(percent: -1), .delay(ms: 0, jitter: 0),
            .delay(ms: 10_001, jitter: 0), .delay(ms: 1, jitter: -1), .delay(ms: 1, jitter: 5_001), .rate(kib: 0),
            .rate(kib: 10_241), .rate(kib: .max), .reset(percent: 0), .reset(percent: 101), .delay(ms: .min, jitter: 0),
        ]
        for impairment in refused { #expect(self.problem(impairment) != nil, "\(impairment)") }
    }

    private func problem(_ impairment: Impairment) -> String? {
        LinkClosing(token: "f1", ways: ["a:1"], seconds: 3, impairment: impairment).problem
    }
}
