import Glibc
import OpsHTTP
import OpsModel
import OpsPostgres
import OpsService
import OpsSystem
import OpsTestKit

/// Measures the HTTP server under wrk: a route that only answers, and one that reads a row of PostgreSQL as JSON.
struct HTTPBenchmark {
    private struct Product: Encodable {
        var id: Int
        var name: String
        var price: Int

        private enum CodingKeys: String, CodingKey {
            case id
            case name
            case price = "price_cents"
        }
    }

    private static let routes = ["/healthz", "/api/v1/products/7"]
    private let seconds: Int
    private let connections: Int
    private let printsJSON: Bool

    init(_ arguments: [String]) {
        func number(after flag: String, default fallback: Int) -> Int {
            arguments.firstIndex(of: flag).flatMap { arguments.dropFirst($0 + 1).first }.flatMap { Int($0) } ?? fallback
        }
        seconds = max(1, number(after: "--seconds", default: 10))
        connections = max(1, number(after: "--connections", default: 64))
        printsJSON = arguments.contains("--json")
    }

    /// The exit code: 0 when everything was measured without a failed request.
    func run() async -> Int32 {
        do {
            let runs = try await measure()
            show(runs)
            return runs.allSatisfy { $0.errors == 0 } ? 0 : 1
        } catch {
            say("The benchmark failed: \(error)\n", to: 2)
            return 1
        }
    }

    private func measure() async throws -> [LoadRun] {
        let pool = try await preparedPool()
        let server = server(reading: pool)
        try await server.start()
        var runs: [LoadRun] = []
        for route in Self.routes {
            let url = "http://127.0.0.1:\(server.port)\(route)"
            _ = try await LoadRun.measure(route, url: url, seconds: 1, connections: connections)  // warms up
            runs.append(try await LoadRun.measure(route, url: url, seconds: seconds, connections: connections))
        }
        await server.drain(within: .seconds(2))
        pool.close()
        return runs
    }

    private func preparedPool() async throws -> PostgresPool {
        let configuration = try await PostgresFixture.shared.database()
        let connection = try await PostgresConnection.connect(configuration)
        try await connection.execute(
            script: """
                CREATE TABLE products (id int PRIMARY KEY, name text NOT NULL, price_cents int NOT NULL);
                INSERT INTO products SELECT n, 'product ' || n, n * 10 FROM generate_series(1, 10000) AS n;
                ANALYZE products;
                """
        )
        connection.close()
        return PostgresPool(configuration, limit: 8)
    }

    private func server(reading pool: PostgresPool) -> HTTPServer {
        var router = Router()
        router.get("/api/v1/products/{id}", summary: "One product.", access: .open) { request in
            guard let id = Int(try request.parameter("id")) else { throw HTTPError.notFound("No such product.") }
            let rows = try await pool.query(
                "SELECT id, name, price_cents FROM products WHERE id = $1",
                [.int(id)]
            )
            let row = try rows.only()
            return .json(
                Product(id: try row.int("id"), name: try row.string("name"), price: try row.int("price_cents"))
            )
        }
        return HTTPServer(
            configuration: HTTPServerConfiguration(listen: .tcp(host: "127.0.0.1", port: 0), name: "Benchmark"),
            router: router,
            logger: Logger(label: "benchmark", level: .error),
            metrics: MetricsRegistry()
        )
    }

    private func show(_ runs: [LoadRun]) {
        let machine = MachineDescription.read()
        if printsJSON {
            let document: JSONValue = ["machine": machine.json, "runs": .array(runs.map(\.json))]
            // Made of plain numbers and texts, it can always be encoded.
            say(((try? OpsJSON.string(document)) ?? "{}") + "\n", to: 1)
            return
        }
        say(
            "HTTP server under wrk, \(connections) connections, \(seconds) s each; the load shares the cores\n\n",
            to: 1
        )
        say(ResultTable.render(runs) + "\n" + machine.text, to: 1)
    }

    private func say(_ text: String, to descriptor: Int32) {
        _ = Array(text.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
}
