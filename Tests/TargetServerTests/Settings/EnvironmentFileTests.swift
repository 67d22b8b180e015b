import Testing

@testable import TargetServer

@Suite struct EnvironmentFileTests {
    @Test func readsPairsCommentsAndQuotes() throws {
        let text = "# comment\n\nDB_HOST = 127.0.0.1\nDB_PASSWORD=\"a=b # c\"\r\nEMPTY=\n"
        let file = try EnvironmentFile(bytes: Array(text.utf8), path: "shop.env")
        #expect(file.values == ["DB_HOST": "127.0.0.1", "DB_PASSWORD": "a=b # c", "EMPTY": ""])
    }

    @Test func namesEveryWrongLine() {
        #expect {
            try EnvironmentFile(bytes: Array("A=1\nnonsense\nB C=2\n".utf8), path: "shop.env")
        } throws: { error in
            "\(error)".contains("line 2, 3")
        }
    }

    @Test func hashIsThatOfTheWholeFile() throws {
        let file = try EnvironmentFile(bytes: Array("A=1\n".utf8), path: "x")
        #expect(file.hash == "91d6a3d55e9f")
    }
}

@Suite struct ShopEnvironmentTests {
    private func read(_ text: String) throws -> ShopEnvironment {
        try ShopEnvironment(EnvironmentFile(bytes: Array(text.utf8), path: "shop.env"), path: "shop.env")
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

    @Test func namesAllMistakesAtOnce() {
        #expect {
            try read("DB_POOL=many\nPAYMENTS_ACTIVE=both\nCACHE_SINGLE_FLIGHT=yes")
        } throws: { error in
            ["DB_POOL", "PAYMENTS_ACTIVE", "CACHE_SINGLE_FLIGHT"].allSatisfy("\(error)".contains)
        }
    }
}
