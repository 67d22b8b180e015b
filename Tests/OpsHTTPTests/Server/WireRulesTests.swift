import Testing

@testable import OpsHTTP

@Suite struct WireRulesTests {
    private func status(_ headers: HTTPHeaders) -> Int {
        do throws(HTTPError) {
            try WireRules.check(headers, bodyLimit: 1_000)
            return 200
        } catch {
            return error.status
        }
    }

    @Test func ordinaryRequestsPass() {
        #expect(status(["Host": "a"]) == 200)
        #expect(status(["Host": "a", "Content-Length": "1000"]) == 200)
        #expect(status(["Host": "a", "Transfer-Encoding": "Chunked"]) == 200)
    }

    @Test func bodiesOfDoubtfulLengthDoNot() {
        #expect(status(["Host": "a", "Content-Length": "5", "Transfer-Encoding": "chunked"]) == 400)
        #expect(status(["Host": "a", "Content-Length": "5", "content-length": "5"]) == 400)
        #expect(status(["Host": "a", "Transfer-Encoding": "chunked", "transfer-encoding": "chunked"]) == 400)
        for coding in ["gzip", "chunked, chunked", "gzip, chunked", "xchunked", "", "identity"] {
            #expect(status(["Host": "a", "Transfer-Encoding": coding]) == 400, "\(coding)")
        }
        for length in ["", "-1", "+5", "0x5", "5, 5", "5 5", "1e3", "٥"] {
            #expect(status(["Host": "a", "Content-Length": length]) == 400, "\(length)")
        }
    }

    @Test func tooMuchIsToldApart() {
        #expect(status(["Host": "a", "Content-Length": "1001"]) == 200, "read to its end first")
        #expect(status(["Host": "a", "Content-Length": "67537"]) == 413)
        #expect(status(["Host": "a", "Content-Length": "99999999999999999999"]) == 413)
        var many: HTTPHeaders = ["Host": "a"]
        for number in 0..<100 { many.add("X-\(number)", "1") }
        #expect(status(many) == 431)
        #expect(status(["Host": "a", "Cookie": String(repeating: "x", count: 17_000)]) == 431)
    }

    @Test func hostAndFieldNamesAreExact() {
        #expect(status([:]) == 400)
        #expect(status(["Host": "a", "host": "a"]) == 400)
        #expect(status(["Host": "a", "X Y": "1"]) == 400)
        #expect(status(["Host": "a", "Content-Length ": "1"]) == 400)
        #expect(status(["Host": "a", "X": "a\u{0}b"]) == 400)
    }
}
