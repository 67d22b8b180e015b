import OpsModel
import OpsSpec
import Testing

@Suite struct SearchTests {
    private let now = Timestamp("2026-11-21T00:00:00Z") ?? .now()

    @Test(arguments: [
        ("callers wait for a connection, sessions are blocked, the database's probe is ok", "postgres-requests-wait"),
        ("password authentication failed 28P01 unauthorised", "postgres-rejects-callers"),
        ("connection refused by the database from every side, process absent", "postgres-does-not-answer"),
        ("failures come from one instance of an http service, its process is absent", "http-some-instances-fail"),
        ("damaged entries, checksum does not match, the database is right", "store-answers-damaged"),
        ("provider refuses connections, 503 service unavailable", "provider-does-not-answer"),
        ("more requests than usual", "traffic-higher-than-usual"), ("ENOSPC writing files", "directory-runs-full"),
        ("jobs queue up and are not completed", "jobs-pile-up"),
    ])
    func findsByWhatIsSeen(_ question: String, _ id: String) throws {
        let index = RunbookIndex(try RunbookFolder.load("runbooks").runbooks, now: now)
        #expect(index.search(question, limit: 3).first?.id == id)
    }

    @Test func citesThePartThatMatched() {
        let parts = [
            SearchIndex.Part(lines: 1...3, text: "nothing of interest"),
            .init(lines: 4...9, text: "locks and waiting sessions"),
        ]
        let index = SearchIndex([
            .init(id: "a", title: "Waiting", parts: parts), .init(id: "b", title: "Other", parts: []),
        ])
        #expect(index.search("session waits for a lock").first?.lines == 4...9)
        #expect(index.search("zebra").isEmpty)
        #expect(index.search("").isEmpty)
    }

    @Test(arguments: [
        ("KubePodCrashLooping", ["kub", "pod", "crash", "loop"]),
        ("sessions waiting for locks", ["sess", "wait", "lock"]),
        ("28P01 rejected", ["28p01", "reject"]), ("the of and", []),
    ])
    func cutsWords(_ text: String, _ words: [String]) {
        #expect(Tokens.words(in: text) == words)
    }

    @Test func orderIsStable() {
        let same = (0..<5).map { SearchIndex.Document(id: "d\($0)", title: "lock", parts: []) }
        #expect(SearchIndex(same).search("lock").map(\.id) == ["d0", "d1", "d2", "d3", "d4"])
    }
}
