import Testing

@testable import TargetServer

@Suite struct SheddingTests {
    private let start = ContinuousClock.now

    private func shedding(_ ratio: Double, lasting seconds: Int, ramp: Int = 0, _ routes: [String]) -> Shedding {
        var shedding = Shedding()
        let order = Shedding.Order(
            id: "a",
            routes: routes,
            ratio: ratio,
            duration: .seconds(seconds),
            ramp: .seconds(ramp)
        )
        shedding.begin(order, at: self.start)
        return shedding
    }

    private func turned(_ shedding: inout Shedding, _ method: String, _ path: String, at second: Double) -> Int {
        (0..<100).count { _ in shedding.turnsAway(method, path, at: self.start + .seconds(second)) }
    }

    @Test func theShareIsTurnedAwayEvenly() {
        var shedding = self.shedding(0.75, lasting: 10, ["GET /api/products"])
        #expect(self.turned(&shedding, "GET", "/api/products", at: 1) == 75)
        #expect(self.turned(&shedding, "POST", "/api/products", at: 1) == 0)
        #expect(self.turned(&shedding, "GET", "/api/products/1", at: 1) == 0)
    }

    @Test func aPartInBracesStandsForAny() {
        var shedding = self.shedding(0.5, lasting: 10, ["GET /api/orders/{own}"])
        #expect(self.turned(&shedding, "GET", "/api/orders/ord-1", at: 1) == 50)
        #expect(self.turned(&shedding, "GET", "/api/orders", at: 1) == 0)
    }

    @Test func itEndsByItselfAndBitByBit() {
        let shedding = self.shedding(0.8, lasting: 30, ramp: 10, ["GET /api/products"])
        let shares = [0.0, 20, 25, 30, 40].map { shedding.share(at: self.start + .seconds($0)) }
        #expect(shares == [0.8, 0.8, 0.4, 0, 0])
        #expect(shedding.left(at: self.start + .seconds(29)) == .seconds(1))
        #expect(shedding.left(at: self.start + .seconds(31)) == .zero)
    }

    @Test func onlyItsOwnerEndsItBeforeThat() {
        var shedding = self.shedding(0.8, lasting: 30, ["GET /api/products"])
        shedding.stop("b", at: self.start + .seconds(1))
        #expect(shedding.share(at: self.start + .seconds(2)) == 0.8)
        shedding.stop("a", at: self.start + .seconds(3))
        #expect(shedding.share(at: self.start + .seconds(3)) == 0)
        #expect(shedding.order?.id == "a", "whose it was is remembered")
    }
}
