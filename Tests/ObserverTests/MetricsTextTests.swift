import OpsModel
import OpsService
import Testing

@testable import Observer

@Suite("MetricsText")
struct MetricsTextTests {
    @Test("reads names, labels, escapes and numbers of the wanted prefix only")
    func reads() {
        let text = """
            # HELP shop_pool_in_use connections
            # TYPE shop_pool_in_use gauge
            shop_pool_in_use 7
            shop_calls_total{from="api",to="db",code="ok"} 12.5 1700000000
            shop_word{text="a \\"b\\" \\\\ c\\nd"} +Inf
            http_requests_total{code="200"} 5
            shop_broken{code="200 5
            shop_novalue

            """
        let (samples, unreadable) = MetricsText(prefix: "shop_").samples(in: Array(text.utf8))
        let scrape = Scrape(samples)
        #expect(scrape.value("shop_pool_in_use") == 7)
        #expect(scrape.value("shop_calls_total", ["from": "api", "to": "db"]) == 12.5)
        #expect(scrape.all("shop_word").first?.labels["text"] == "a \"b\" \\ c\nd")
        #expect(scrape.all("http_requests_total").isEmpty)
        #expect(unreadable == 2)
    }

    @Test("never traps on random bytes, and reads back what the registry writes")
    func robust() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let noise = (0..<40).map { _ in UInt8.random(in: 9...127, using: &random) }
            _ = MetricsText(prefix: "").samples(in: noise)
            _ = MetricsText(prefix: "shop_").samples(in: Array("shop_x{".utf8) + noise)
        }
        let registry = MetricsRegistry()
        registry.counter("shop_calls_total", "Calls.", labels: ["from", "code"]).add(3, ["api", "we\"ird\\"])
        let (samples, unreadable) = MetricsText(prefix: "shop_").samples(in: Array(registry.render().utf8))
        #expect(unreadable == 0)
        #expect(samples.first?.labels == ["from": "api", "code": "we\"ird\\"])
        #expect(samples.first?.value == 3)
    }

    @Test("rises survive a restart of the process behind the counter")
    func rises() {
        var history = ScrapeHistory()
        let start = Timestamp(secondsSinceEpoch: 100)
        for (second, value) in [(0.0, 50.0), (1, 60), (2, 4)] {
            let scrape = Scrape([MetricSample(name: "shop_x", labels: [:], value: value)])
            history.append(Sampled(value: scrape, at: start + second))
        }
        #expect(history.rises("shop_x", seconds: 1)?.first?.value == 4)
        #expect(history.rises("shop_y", seconds: 1)?.isEmpty == true)
    }
}
