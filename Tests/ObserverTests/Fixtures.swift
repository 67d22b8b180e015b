import OpsModel

@testable import Observer

/// A small declared system, and worlds in which things happen to it.
enum Fixture {
    static let now = Timestamp(secondsSinceEpoch: 1_700_000_000)

    static let map = TargetMap(
        system: "shop",
        journeys: [
            MappedJourney(name: "browse", request: "GET /api/products", objective: 0.995, entry: "web"),
            MappedJourney(name: "checkout", request: "POST /api/checkout", objective: 0.99, entry: "web"),
        ],
        components: [
            component("web", "http", ["web"], needs: ["api"]),
            component(
                "api",
                "http",
                ["api-1", "api-2"],
                needs: ["db", "payments"],
                hosts: "shop.hosts",
                memoryLimit: 100 << 20,
                fdLimit: 256
            ),
            component("worker", "worker", ["worker"], needs: ["db"]),
            component("report", "batch", ["report"], needs: ["db"], isPausable: true),
            MappedComponent(
                name: "payments",
                kind: "provider",
                providers: [
                    MappedProvider(name: "primary", url: "http://127.0.0.1:1", host: "pay-a", probe: "/health"),
                    MappedProvider(name: "fallback", url: "http://127.0.0.1:2", host: "pay-b", probe: "/health"),
                ]
            ),
            component("db", "postgres", ["db"], needs: []),
            MappedComponent(name: "cache", kind: "directory", usedBy: ["api"]),
        ],
        probes: [MappedProbe(target: "db", sql: "select 1", path: nil, from: ["observer", "api"], timeout: 1)],
        configs: [
            MappedConfig(name: "shop.env", path: "/nowhere", secrets: ["DB_PASSWORD"], users: ["api"]),
            MappedConfig(name: "shop.hosts", path: "/nowhere", secrets: [], users: ["api"], isHosts: true),
        ],
        tables: ["orders", "stock"],
        database: MappedDatabase(component: "db", host: "127.0.0.1", port: 1, database: "shop"),
        queue: MappedQueue(component: "worker", table: "jobs"),
        loadURL: nil,
        supervisor: nil,
        actionsPerIncident: 4
    )

    private static func component(
        _ name: String,
        _ kind: String,
        _ instances: [String],
        needs: [String],
        hosts: String? = nil,
        isPausable: Bool = false,
        memoryLimit: Int? = nil,
        fdLimit: Int? = nil
    ) -> MappedComponent {
        MappedComponent(
            name: name,
            kind: kind,
            instances: instances.map { MappedInstance(name: $0, program: $0, url: "http://127.0.0.1:9", log: nil) },
            needs: needs,
            hosts: hosts,
            isPausable: isPausable,
            fdLimit: fdLimit,
            memoryLimit: memoryLimit
        )
    }

    static func answer(
        _ world: World,
        _ read: String,
        _ component: String? = nil,
        _ selector: [String] = []
    ) -> ReadAnswer {
        ReadEvaluator(map: map, world: world, now: now)
            .answer(ReadQuery(read: read, component: component, selector: selector))
    }

    static func metric(_ name: String, _ labels: [String: String] = [:], _ value: Double) -> MetricSample {
        MetricSample(name: name, labels: labels, value: value)
    }

    /// Puts two metrics pages of an instance five seconds apart into a world.
    static func scrape(_ world: inout World, _ instance: String, before: [MetricSample] = [], _ samples: [MetricSample])
    {
        var history = world.scrapes[instance] ?? ScrapeHistory()
        history.append(Sampled(value: Scrape(before), at: now + -5))
        history.append(Sampled(value: Scrape(samples), at: now + -0.2))
        world.scrapes[instance] = history
    }
}
