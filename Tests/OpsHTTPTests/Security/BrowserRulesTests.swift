import Testing

@testable import OpsHTTP

@Suite struct BrowserRulesTests {
    let rules = BrowserRules(hosts: ["127.0.0.1", "localhost", "[::1]"], origins: ["http://127.0.0.1:9999"])

    private func status(_ method: HTTPMethod, _ headers: HTTPHeaders) -> Int {
        do throws(HTTPError) {
            try rules.check(method, headers)
            return 200
        } catch {
            return error.status
        }
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.1:8001", "LOCALHOST:1", "[::1]:80", "[::1]"])
    func ownNamesAreAnswered(host: String) { #expect(status(.post, ["Host": host]) == 200) }

    @Test(arguments: ["evil.example", "127.0.0.1.evil.example", "localhost.evil", "", "[::2]:80", "127.0.0.1@evil"])
    func foreignNamesAreMisdirected(host: String) { #expect(status(.get, ["Host": host]) == 421) }

    @Test func pagesOfOtherOriginsChangeNothing() {
        let host = "127.0.0.1:8001"
        #expect(status(.post, ["Host": host, "Origin": "http://evil.example"]) == 403)
        #expect(status(.post, ["Host": host, "Origin": "null"]) == 403)
        #expect(status(.post, ["Host": host, "Origin": "http://127.0.0.1:8002"]) == 403)
        #expect(status(.delete, ["Host": host, "Sec-Fetch-Site": "cross-site"]) == 403)
        #expect(status(.put, ["Host": host, "Sec-Fetch-Site": "same-site"]) == 403)
        #expect(status(.get, ["Host": host, "Sec-Fetch-Site": "cross-site"]) == 200)
    }

    @Test func ownPagesAndListedOriginsMay() {
        let host = "127.0.0.1:8001"
        #expect(
            status(.post, ["Host": host, "Origin": "http://127.0.0.1:8001", "Sec-Fetch-Site": "same-origin"]) == 200
        )
        #expect(status(.post, ["Host": host, "Origin": "http://127.0.0.1:9999", "Sec-Fetch-Site": "same-site"]) == 200)
        #expect(status(.post, ["Host": host, "Sec-Fetch-Site": "none"]) == 200)
    }
}
