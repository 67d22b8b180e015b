import Testing

@testable import OpsHTTP

@Suite struct RequestTargetTests {
    @Test func decodesPathAndQueryOnce() throws {
        let target = try RequestTarget("/a%20b/%25zz?x=1%2B1&y=a+b&flag&x=2")
        #expect(target.path == "/a b/%zz")
        #expect(target.segments == ["a b", "%zz"])
        #expect(target.query.map(\.name) == ["x", "y", "flag", "x"])
        #expect(target.query.map(\.value) == ["1+1", "a b", "", "2"])
    }

    @Test(arguments: [
        "", "a", "*", "http://evil/x", "/a%00b", "/a%2Fb", "/a%2fb", "/a%5Cb", "/a\\b", "/../x", "/x/..", "/./x",
        "/%2e%2e/x",
        "/a%", "/a%2", "/a%zz", "/a%ff", "/a\u{7F}", "/é", "/a b", "/x?a=%", "/x?a=%00", "/a%0d%0a", "/a\0b",
    ])
    func refusesDoubtfulTargets(target: String) {
        let error = #expect(throws: HTTPError.self) { try RequestTarget(target) }
        #expect(error?.status == 400)
    }
}
