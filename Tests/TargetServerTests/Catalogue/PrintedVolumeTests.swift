import OpsHTTP
import Testing

@testable import TargetServer

@Suite struct PrintedVolumeTests {
    @Test(arguments: [("", false), ("I", false), ("IIII", false), ("V", false), ("IV", true), ("IIIV", true)])
    func groupsOfStrokesWithAHook(_ mark: String, _ isSoldOut: Bool) {
        var limit = 1_000
        let answer = PrintedVolume(mark: mark).isSoldOut(within: &limit)
        #expect(answer == isSoldOut)
    }

    /// Each stroke doubles the tries, and the limit ends them.
    @Test func whatItCostsDoublesUpToTheLimit() {
        var tries: [Int] = []
        var answers: [Bool?] = []
        for product in [640, 704, 2_000] {
            var limit = 1_000_000
            answers.append(PrintedVolume(product: product).isSoldOut(within: &limit))
            tries.append(1_000_000 - limit)
        }
        #expect(answers == [false, false, nil])
        #expect(tries == [1_023, 2_047, 1_000_000])
    }

    @Test func aListIsMarkedOnlyWhileTheFlagIsOn() async throws {
        try await ShopFixture.with { shop async throws in
            #expect(try await shop.get("/api/products?page=1").headers["X-Sold-Out-In-Print"] == nil)
            try await shop.database.query("UPDATE feature_flags SET enabled = true WHERE name = 'catalogue-marks'")
            await shop.flags.look()
            #expect(try await shop.get("/api/products?page=1").headers["X-Sold-Out-In-Print"] == "0")
        }
    }
}
