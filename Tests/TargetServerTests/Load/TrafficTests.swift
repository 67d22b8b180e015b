import Testing

@testable import TargetServer

@Suite struct TrafficTests {
    private func visits(_ seed: UInt64, _ count: Int, _ mix: Mix = .usual) -> [Visit] {
        var traffic = Traffic(seed: seed, prefix: "p")
        return (0..<count).map { _ in traffic.next(mix) }
    }

    @Test func oneSeedGivesOneSequence() {
        #expect(visits(7, 2_000) == visits(7, 2_000))
        #expect(visits(7, 100) != visits(8, 100))
    }

    @Test func arrivalsDoNotDependOnWhatIsBought() {
        var (quiet, declining) = (Traffic(seed: 3, prefix: "p"), Traffic(seed: 3, prefix: "p"))
        var other = Mix.usual
        other.declines = 0.5
        for _ in 0..<500 {
            #expect(quiet.gap(.usual) == declining.gap(.usual))
            _ = quiet.next(.usual)
            _ = declining.next(other)
        }
    }

    @Test func theMixIsKeptExactly() {
        let counts = Dictionary(grouping: visits(1, 1_000), by: \.journey).mapValues(\.count)
        #expect(counts == [.browse: 700, .checkout: 250, .fulfil: 50])
    }

    @Test func theRateIsKeptOnAverage() {
        var traffic = Traffic(seed: 5, prefix: "p")
        let seconds = (0..<20_000).reduce(0.0) { sum, _ in sum + traffic.gap(.usual) }
        #expect(abs(20_000 / seconds - 120) < 4)
    }

    @Test func everyEighthCustomerComesForTheOffer() {
        let browsing = visits(2, 8_000).filter { $0.journey == .browse }
        let knowing = browsing.indices.filter { browsing[$0].knowsOffer }
        #expect(knowing.count == browsing.count / 8)
        let first = knowing.filter { browsing[$0].wish == .browse(target: "/api/products?page=1") }
        #expect(first.count > knowing.count * 9 / 10)
    }

    @Test func brokenVisitsComeAtEvenDistances() {
        let browsing = visits(2, 8_000).filter { $0.journey == .browse }
        let broken = browsing.indices.filter {
            browsing[$0].wish == .browse(target: "/api/products?page=1&sort=value")
        }
        #expect(broken.count == 14)
        #expect(Set(zip(broken, broken.dropFirst()).map { $1 - $0 }) == [400])
    }

    @Test func aboutTwoCardsInAHundredAreDeclined() {
        let cards = visits(9, 20_000).compactMap { visit -> String? in
            if case .checkout(_, _, let card) = visit.wish { card } else { nil }
        }
        let declined = cards.filter { ProviderTerms.isDeclined(card: $0) }.count
        #expect((60...150).contains(declined), "\(declined) of \(cards.count)")
    }

    @Test func aShareOfDeclinesCanBeOrdered() {
        var mix = Mix.usual
        mix.declines = 0.3
        let cards = visits(9, 8_000, mix).compactMap { visit -> String? in
            if case .checkout(_, _, let card) = visit.wish { card } else { nil }
        }
        let declined = cards.filter { ProviderTerms.isDeclined(card: $0) }.count
        #expect((500...700).contains(declined))
    }
}
