import OpsHTTP
import Testing

@Suite struct HTTPHeadersTests {
    @Test func looksUpWithoutRegardToCase() {
        var headers: HTTPHeaders = ["Content-Type": "text/plain", "X-A": "1"]
        headers.add("x-a", "2")
        #expect(headers["content-TYPE"] == "text/plain")
        #expect(headers.all("X-A") == ["1", "2"])
        headers["x-A"] = "3"
        #expect(headers.all("x-a") == ["3"])
        headers["X-A"] = nil
        #expect(headers["x-a"] == nil)
        #expect(headers.count == 1)
    }

    @Test func bracketsAreNotFoldedLikeLetters() {
        let headers: HTTPHeaders = ["a[": "1"]
        #expect(headers["a{"] == nil)
    }
}
