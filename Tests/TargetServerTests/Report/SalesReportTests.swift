import OpsService
import Testing

@testable import TargetServer

@Suite struct SalesReportTests {
    @Test func goesOnWhereItStoppedAndKeepsWhatItFound() async throws {
        try await ShopFixture.with { shop async throws in
            let report = SalesReport(shop.database, budget: .milliseconds(30))
            let first = try await report.run()
            let second = try await report.run()
            #expect(first.firstProduct == 1)
            #expect(second.firstProduct == first.lastProduct + 1)
            #expect(first.revenueCents > 0)
            #expect(try await shop.number("SELECT count(*) AS n FROM reports") == 2)
        }
    }

    @Test func oneRunMayBeGivenLonger() async throws {
        try await ShopFixture.with { shop async throws in
            let report = SalesReport(shop.database, budget: .milliseconds(1))
            let usual = try await report.run()
            let long = try await report.run(within: .milliseconds(300))
            #expect(long.lastProduct - long.firstProduct > usual.lastProduct - usual.firstProduct)
        }
    }

    @Test func neverRunsTwiceAtATime() async throws {
        try await ShopFixture.with { shop async throws in
            let metrics = MetricsRegistry()
            let report = SalesReport(shop.database, budget: .milliseconds(300))
            let schedule = ReportSchedule(report, every: .seconds(60), logger: .silent, metrics: metrics)
            async let first = schedule.runOnce()
            async let second = schedule.runOnce()
            let runs = try await [first, second].compactMap { $0 }
            #expect(runs.count == 1)
            #expect(metrics.render().contains(#"shop_report_runs_total{result="done"} 1"#))
        }
    }
}
