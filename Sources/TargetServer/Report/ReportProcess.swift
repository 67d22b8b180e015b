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

    static func router(_ schedule: ReportSchedule) -> Router {
        var router = Router()
        router.get("/", summary: "What the report did last.", access: .open) { _ in .json(schedule.now) }
        router.post("/run", summary: "Runs the report now.", access: .scope("operate"), request: nil) { _ in
            guard let run = try await schedule.runOnce() else {
                throw HTTPError.conflict("already_running", "The report is running.", hint: "Wait for it to end.")
            }
            return .json(run)
        }
        return router
    }
}
