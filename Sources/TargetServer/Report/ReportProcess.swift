import OpsHTTP
import OpsModel
import OpsService

/// `TargetServer report`: puts the batch job together.
struct ReportProcess {
    let process: ShopProcess

    func run() async -> Int32 {
        let schedule = ReportSchedule(
            SalesReport(process.database(limit: 1)),
            every: process.settings.every,
            logger: process.logger,
            metrics: process.metrics
        )
        let server = process.server(Self.router(schedule)) { HealthReport() }
        return await process.run([server, schedule])
    }

    private struct Order: Decodable {
        var budgetS: Double?

        private enum CodingKeys: String, CodingKey { case budgetS = "budget_s" }

        func budget() throws(HTTPError) -> Duration? {
            guard let budgetS else { return nil }
            var problems = Problems()
            problems.check((0.1...10).contains(budgetS), "budget_s: 0.1 to 10 seconds")
            try problems.throwIfAny()
            return .seconds(budgetS)
        }
    }

    static func router(_ schedule: ReportSchedule) -> Router {
        var router = Router()
        router.get("/", summary: "What the report did last.", access: .open) { _ in .json(schedule.now) }
        router.post(
            "/run",
            summary: "Runs the report now, for budget_s seconds at most where that is said.",
            access: .scope("operate"),
            request: Schemas.reportRun
        ) { request in
            let order = request.body.isEmpty ? Order() : try request.json(Order.self)
            guard let run = try await schedule.runOnce(within: order.budget()) else {
                throw HTTPError.conflict("already_running", "The report is running.", hint: "Wait for it to end.")
            }
            return .json(run)
        }
        return router
    }
}
