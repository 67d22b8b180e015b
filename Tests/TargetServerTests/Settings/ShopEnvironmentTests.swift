import OpsSystem
import Testing

@testable import TargetServer

@Suite struct ShopEnvironmentTests {
    private func read(_ text: String) throws -> ShopEnvironment {
        try ShopEnvironment(EnvironmentFile(text: text), path: "shop.env")
    }

    @Test func namesEveryWrongLine() {
        #expect {
            try read("A=1\nnonsense\nB C=2\n")
        } throws: { error in
            "\(error)".hasPrefix("shop.env: no KEY=value in line 2, 3; ")
        }
    }

    @Test func hashIsThatOfTheWholeFile() throws {
        #expect(try read("A=1\n").hash == "91d6a3d55e9f")
    }

    @Test func takesTypedValuesAndLeavesForeignKeysAlone() throws {
        let settings = try read(
            "DB_POOL=12\nSTATEMENT_TIMEOUT=750ms\nPAYMENTS_ACTIVE=fallback\nRETRY_BUDGET=5%\nOTHER=x"
        )
        #expect(settings.database.pool == 12)
        #expect(settings.database.statementTimeout == .milliseconds(750))
        #expect(settings.payments.active == .fallback)
        #expect(settings.retryBudget == 5)
    }

    @Test func callsEverybodyAtAnotherAddressAtTheSamePort() throws {
        let text = "DB_HOST=db.shop\nDB_PORT=5499\nPAYMENTS_URL=http://a:8031/pay\nPAYMENTS_FALLBACK_URL=http://b"
        let (settings, moved) = (try read(text), try read(text).reached(at: "127.0.0.11"))
        #expect(moved.database.host == "127.0.0.11" && moved.database.port == 5_499)
        #expect(
            moved.payments.primary == "http://127.0.0.11:8031/pay" && moved.payments.fallback == "http://127.0.0.11"
        )
        #expect(moved.hash == settings.hash)
    }

    @Test func namesAllMistakesAtOnce() {
        #expect {
            try read("DB_POOL=many\nPAYMENTS_ACTIVE=both\nCACHE_SINGLE_FLIGHT=yes")
        } throws: { error in
            ["DB_POOL", "PAYMENTS_ACTIVE", "CACHE_SINGLE_FLIGHT"].allSatisfy("\(error)".contains)
        }
    }
}
