import Testing

@testable import OpsRuntime

@Suite("Environment files")
struct EnvironmentTextTests {
    @Test("only values of known keys change")
    func replacing() {
        let text = "# ports\nDB_PORT=1\nDB_PASSWORD=a=b\n\nPAYMENTS_URL=x\n"
        #expect(
            EnvironmentText.replacing(["DB_PORT": "2", "PAYMENTS_URL": "http://y", "NEW": "z"], in: text)
                == "# ports\nDB_PORT=2\nDB_PASSWORD=a=b\n\nPAYMENTS_URL=http://y\n"
        )
        #expect(EnvironmentText.replacing([:], in: text) == text)
    }
}
