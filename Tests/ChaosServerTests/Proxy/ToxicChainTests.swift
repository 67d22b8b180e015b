import OpsModel
import OpsService
import Testing

@testable import ChaosServer

@Suite("What toxics make of bytes")
struct ToxicChainTests {
    private static let millisecond: UInt64 = 1_000_000

    private func chain(_ effects: [ToxicEffect], seed: UInt64 = 7) -> ToxicChain {
        var chain = ToxicChain(chance: SeededGenerator(seed: seed))
        chain.adopt(self.toxics(effects))
        return chain
    }

    private func toxics(_ effects: [ToxicEffect]) -> [Toxic] {
        effects.enumerated().map {
            Toxic(
                name: "t\($0.offset)",
                stream: .upstream,
                toxicity: 1,
                effect: $0.element,
                expires: .max,
                revision: $0.offset
            )
        }
    }

    private func bytes(_ count: Int) -> ArraySlice<UInt8> { ArraySlice((0..<count).map { UInt8($0 & 255) }) }

    private func content(_ pieces: [ToxicChain.Piece]) -> [UInt8] { pieces.flatMap(self.bytes(of:)) }

    private func bytes(of piece: ToxicChain.Piece) -> [UInt8] {
        if case .bytes(let bytes) = piece.content { return Array(bytes) }
        return []
    }

    @Test("Whatever the toxics, bytes keep their order, none is added, and time does not go back", arguments: 1...20)
    func order(seed: Int) {
        let effects: [ToxicEffect] = [
            .slicer(average: 50, variation: 30, delay: 100), .latency(20, jitter: 19, .normal), .loss(0.3),
            .latency(5, jitter: 5, .pareto), .bandwidth(100),
        ]
        var chain = self.chain(effects, seed: UInt64(seed))
        var pieces: [ToxicChain.Piece] = []
        for turn in 0..<20 { pieces += chain.pass(self.bytes(997), at: UInt64(turn) * Self.millisecond) }
        pieces += chain.end(at: 20 * Self.millisecond)
        #expect(self.content(pieces) == Array(repeating: Array(self.bytes(997)), count: 20).flatMap(\.self))
        #expect(pieces.map(\.due) == pieces.map(\.due).sorted())
        #expect(pieces.last?.content == .end)
    }

    @Test("Behind a line that is held nothing may wait, and what is under way goes on")
    func hold() {
        var chain = self.chain([.latency(20, jitter: 0, .uniform)])
        #expect(chain.room > 0)
        chain.adopt(self.toxics([.latency(20, jitter: 0, .uniform), .hold]))
        #expect(chain.room == 0)
        let pieces = chain.pass(self.bytes(3), at: 0)
        #expect(self.content(pieces) == Array(self.bytes(3)) && pieces.map(\.due) == [20 * Self.millisecond])
        chain.adopt([])
        #expect(chain.room > 0)
    }

    @Test("One seed draws the same, another one something else")
    func chance() {
        func dues(_ seed: UInt64) -> [UInt64] {
            var chain = self.chain([.latency(100, jitter: 50, .uniform)], seed: seed)
            return (0..<50).flatMap { chain.pass(self.bytes(1), at: UInt64($0) * 1_000 * Self.millisecond) }.map(\.due)
        }
        #expect(dues(1) == dues(1))
        #expect(dues(1) != dues(2))
        let delays = dues(1).enumerated().map { Double($0.element) / 1e6 - Double($0.offset) * 1_000 }
        #expect(delays.allSatisfy { (50...150).contains($0) })
    }

    @Test("A distribution has the mean and the shape of its name", arguments: ToxicEffect.Spread.allCases)
    func distribution(_ spread: ToxicEffect.Spread) {
        var chain = self.chain([.latency(500, jitter: 50, spread)])
        let delays = (0..<20_000).map { turn in
            let now = UInt64(turn) * 10_000 * Self.millisecond
            return Double(chain.pass(self.bytes(1), at: now)[0].due - now) / 1e6
        }
        let mean = delays.reduce(0, +) / Double(delays.count)
        #expect(abs(mean - 500) < 3)
        let sorted = delays.sorted()
        switch spread {
        case .uniform: #expect(sorted[0] >= 450 && sorted[19_999] <= 550)
        case .normal: #expect(abs(sorted[16_827] - 550) < 5)  // 84 % are below one standard deviation
        // The smallest value is 1 - 1.5; one of 8 is above 2.
        case .pareto: #expect(sorted[0] >= 475 && abs(sorted[17_500] - 525) < 5 && sorted[19_999] > 700)
        }
    }

    @Test("A bandwidth carries what it says, over many calls as over one")
    func bandwidth() {
        for size in [100, 10_000, 100_000] {
            var chain = self.chain([.bandwidth(100)])
            var last: UInt64 = 0
            for _ in 0..<(200_000 / size) { last = chain.pass(self.bytes(size), at: 0).last?.due ?? 0 }
            #expect(abs(Double(last) / 1e9 - 2) < 0.01)
        }
        var closed = self.chain([.bandwidth(0)])
        #expect(closed.pass(self.bytes(10), at: 0).isEmpty)
    }

    @Test("A limit lets so many bytes through and ends the connection with the last of them")
    func limit() {
        var chain = self.chain([.limitData(150)])
        #expect(chain.pass(self.bytes(100), at: 0).map(\.content) == [.bytes(self.bytes(100))])
        #expect(chain.pass(self.bytes(100), at: 1).map(\.content) == [.bytes(self.bytes(50)), .cut])
        var none = self.chain([.limitData(0)])
        #expect(none.pass(self.bytes(1), at: 0).map(\.content) == [.cut])
    }

    @Test("A slicer cuts within its bounds, and pauses between two cuts")
    func slicer() {
        var chain = self.chain([.slicer(average: 100, variation: 20, delay: 500)])
        let pieces = chain.pass(self.bytes(10_000), at: 0)
        let sizes = pieces.map { self.bytes(of: $0).count }
        #expect(sizes.dropLast().allSatisfy { (80...120).contains($0) } && sizes.reduce(0, +) == 10_000)
        #expect(pieces.enumerated().allSatisfy { $0.element.due == UInt64($0.offset) * 500_000 })
    }

    @Test("Loss delays the share it names, by the time until it is sent again")
    func loss() {
        var chain = self.chain([.loss(0.25)])
        let late = (0..<4_000).count { turn in
            let now = UInt64(turn) * 100_000 * Self.millisecond
            return chain.pass(self.bytes(1), at: now)[0].due >= now + 200 * Self.millisecond
        }
        #expect(abs(late - 1_000) < 120)
    }

    @Test("A share of the pieces is not handed on and ends its connection instead")
    func reset() {
        var chain = self.chain([.reset(0.25)])
        let resets = (0..<4_000).count { chain.pass(self.bytes(1), at: UInt64($0)).map(\.content) == [.reset] }
        #expect(abs(resets - 1_000) < 140)
        var all = self.chain([.reset(1)])
        #expect(all.pass(self.bytes(9), at: 0).map(\.content) == [.reset])
        var none = self.chain([.reset(0)])
        #expect(none.pass(self.bytes(9), at: 0).map(\.content) == [.bytes(self.bytes(9))])
    }

    @Test("While nothing gets through the end does not either; a slow close keeps it")
    func ends() {
        for effect in [ToxicEffect.timeout(0), .timeout(100), .resetPeer(0)] {
            var chain = self.chain([effect])
            #expect(chain.pass(self.bytes(1), at: 0).isEmpty && chain.end(at: 0).isEmpty)
        }
        var slow = self.chain([.slowClose(70)])
        #expect(slow.pass(self.bytes(1), at: 5)[0].due == 5)
        #expect(slow.end(at: 5)[0].due == 5 + 70 * Self.millisecond)
    }

    @Test("What stays as it was remembers what it let through; what was changed begins anew")
    func adoption() {
        var chain = self.chain([.limitData(100)])
        _ = chain.pass(self.bytes(60), at: 0)
        chain.adopt(self.toxics([.limitData(100), .latency(1, jitter: 0, .uniform)]))
        #expect(chain.pass(self.bytes(60), at: 0).last?.content == .cut)
        var changed = self.toxics([.limitData(100)])
        changed[0].revision = 9
        chain.adopt(changed)
        #expect(chain.pass(self.bytes(60), at: 0).count == 1)
        chain.adopt([])
        #expect(chain.isClear)
    }

    @Test("Attributes are checked, all at once")
    func attributes() throws {
        let latency = try ToxicEffect(type: "latency", attributes: ["latency": 100, "distribution": "pareto"])
        #expect(latency == .latency(100, jitter: 0, .pareto))
        #expect(latency.attributes == ["latency": 100, "jitter": 0, "distribution": "pareto"])
        for (type, attributes) in [
            ("latency", ["latency": -1]), ("latency", ["latency": "a"]), ("latency", ["delay": 1]),
            ("latency", ["distribution": "x"]), ("slicer", ["average_size": 0]), ("loss", ["share": 2]),
            ("noise", [:]), ("", [:]),
        ] as [(String, [String: JSONValue])] {
            #expect(throws: ChaosError.self) { try ToxicEffect(type: type, attributes: attributes) }
        }
        #expect {
            try ToxicEffect(type: "slicer", attributes: ["average_size": 0, "delay": -1, "x": 1])
        } throws: {
            let text = ($0 as? ChaosError)?.message ?? ""
            return ["average_size", "delay", "x"].allSatisfy(text.contains)
        }
        for type in ToxicEffect.types { #expect(try ToxicEffect(type: type, attributes: [:]).type == type) }
    }
}
