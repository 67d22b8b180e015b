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

    @Test func refusesTwoDifferentKeysAndOtherSchemes() throws {
        #expect(throws: HTTPError.self) { try PresentedKey.read(["X-API-Key": "a", "Authorization": "Bearer b"]) }
        #expect(throws: HTTPError.self) { try PresentedKey.read(["Authorization": "Basic abc"]) }
        // user:k:k, user, nonsense
        for text in ["dXNlcjprOms=", "dXNlcg==", "!"] {
            #expect(throws: HTTPError.self) { try PresentedKey.read(["Authorization": "Basic \(text)"]) }
        }
        #expect(try PresentedKey.read(["Authorization": "Basic dXNlcjprOms="], acceptsBasic: true) == "k:k")
        for text in ["dXNlcg==", "!", ""] {
            #expect(throws: HTTPError.self) {
                try PresentedKey.read(["Authorization": "Basic \(text)"], acceptsBasic: true)
            }
        }
        #expect(throws: HTTPError.self) { try PresentedKey.read(["Authorization": "Bearer"]) }
    }
}
