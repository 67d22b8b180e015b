import OpsModel
import Testing

@testable import OpsRuntime

@Suite struct ContainerUsageTests {
    private func answer(_ statistics: JSONValue) -> JSONValue {
        [
            "cpu_stats": ["cpu_usage": ["total_usage": 2_500_000_000]], "pids_stats": ["current": 9],
            "memory_stats": ["usage": 50_000_000, "stats": statistics],
        ]
    }

    @Test(arguments: ["total_inactive_file", "inactive_file"])
    func memoryIsWithoutWhatTheKernelWouldGiveBack(_ name: String) throws {
        let usage = try #require(ContainerUsage(answer(.object([name: 10_000_000]))))
        #expect(usage.cpuSeconds == 2.5)
        #expect(usage.memoryBytes == 40_000_000)
        #expect(usage.threads == 9)
    }

    @Test func aContainerThatDoesNotRunHasNoFigures() {
        #expect(ContainerUsage(["cpu_stats": ["cpu_usage": ["total_usage": 0]], "memory_stats": [:]]) == nil)
        #expect(ContainerUsage(nil) == nil)
    }
}
