import Testing

@testable import OpsHTTP

@Suite struct PresentedKeyTests {
    @Test func readsEitherHeader() throws {
        #expect(try PresentedKey.read(["Authorization": "Bearer k"]) == "k")
        #expect(try PresentedKey.read(["authorization": "bearer  k"]) == "k")
        #expect(try PresentedKey.read(["X-API-Key": "k"]) == "k")
        #expect(try PresentedKey.read(["X-API-Key": "k", "Authorization": "Bearer k"]) == "k")
        #expect(try PresentedKey.read(["Cookie": "key=k"]) == nil)
    }

    @Test func refusesTwoDifferentKeysAndOtherSchemes() {
        #expect(throws: HTTPError.self) { try PresentedKey.read(["X-API-Key": "a", "Authorization": "Bearer b"]) }
        #expect(throws: HTTPError.self) { try PresentedKey.read(["Authorization": "Basic abc"]) }
        #expect(throws: HTTPError.self) { try PresentedKey.read(["Authorization": "Bearer"]) }
    }
}
