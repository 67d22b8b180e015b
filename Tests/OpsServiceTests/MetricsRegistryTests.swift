import OpsService
import Testing

@Suite("Metrics as text")
struct MetricsRegistryTests {
    private func example() -> MetricsRegistry {
        let registry = MetricsRegistry()
        let requests = registry.counter("shop_requests_total", "Requests answered.", labels: ["method", "code"])
        requests.add(1, ["GET", "200"])
        requests.add(2, ["GET", "500"])
        requests.add(-5, ["GET", "500"])
        registry.gauge("shop_pool_in_use", "Connections lent\nright now.").set(3)
        registry.gauge("shop_queue_depth", "Waiting jobs.", labels: ["queue"]) { [(["a\"b\\c\nd"], 1.5)] }
        let latency = registry.histogram(
            "shop_latency_seconds",
            "Time to answer.",
            labels: ["route"],
            buckets: [0.5, 0.1]
        )
        for value in [0.05, 0.1, 0.3, 7, .nan] { latency.observe(value, ["/a"]) }
        return registry
    }

    @Test("the whole text")
    func text() {
        #expect(
            self.example().render() == """
                # HELP shop_latency_seconds Time to answer.
                # TYPE shop_latency_seconds histogram
                shop_latency_seconds_bucket{route="/a",le="0.1"} 2
                shop_latency_seconds_bucket{route="/a",le="0.5"} 3
                shop_latency_seconds_bucket{route="/a",le="+Inf"} 4
                shop_latency_seconds_sum{route="/a"} 7.45
                shop_latency_seconds_count{route="/a"} 4
                # HELP shop_pool_in_use Connections lent\\nright now.
                # TYPE shop_pool_in_use gauge
                shop_pool_in_use 3
                # HELP shop_queue_depth Waiting jobs.
                # TYPE shop_queue_depth gauge
                shop_queue_depth{queue="a\\"b\\\\c\\nd"} 1.5
                # HELP shop_requests_total Requests answered.
                # TYPE shop_requests_total counter
                shop_requests_total{method="GET",code="200"} 1
                shop_requests_total{method="GET",code="500"} 2

                """
        )
    }

    @Test("each family is described once, before its samples, and nothing is said twice")
    func rules() {
        let lines = self.example().render().split(separator: "\n").map(String.init)
        let samples = lines.filter { !$0.hasPrefix("#") }
        #expect(Set(samples.map { $0.split(separator: " ").dropLast().joined() }).count == samples.count)
        #expect(samples.allSatisfy { Double($0.split(separator: " ").last ?? "") != nil })
        let types = lines.filter { $0.hasPrefix("# TYPE") }
        #expect(Set(types).count == types.count)
        #expect(lines.filter { $0.hasPrefix("# HELP") }.count == types.count)
    }

    @Test("asking twice gives the same metric")
    func same() {
        let registry = MetricsRegistry()
        registry.counter("a_total", "A.").add()
        registry.counter("a_total", "A.").add()
        #expect(registry.counter("a_total", "A.").value() == 2)
        registry.gauge("a_total", "Not a counter.").set(9)
        #expect(registry.render().contains("a_total 2\n"))
        #expect(!registry.render().contains("9"))
    }

    @Test("the process describes itself")
    func process() {
        let registry = MetricsRegistry()
        registry.addProcessMetrics()
        #expect(registry.render().contains("process_resident_memory_bytes "))
    }
}
