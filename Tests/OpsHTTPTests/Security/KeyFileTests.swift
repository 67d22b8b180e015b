import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@Suite struct KeyFileTests {
    private func write(_ keys: [(APIKey, String)], to path: String) throws {
        let entries = keys.map { key, name -> JSONValue in
            [
                "prefix": .string(key.prefix), "sha256": .string(key.hash.hex), "principal": .string(name),
                "scopes": ["reads"], "root": .string(name),
            ]
        }
        try FileSystem.writeAtomically(OpsJSON.encode(entries), to: path, mode: 0o600)
    }

    @Test func knowsTheKeysOfItsFileAndFollowsChanges() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("keys.json")
        let (first, second) = (APIKey.generate(), APIKey.generate())
        let file = KeyFile(path: path)
        #expect(await file.authenticate(key: first.secretText) == nil)
        try write([(first, "gate")], to: path)
        let principal = await file.authenticate(key: first.secretText)
        #expect(principal == Principal(name: "gate", scopes: ["reads"], root: "gate"))
        #expect(await file.authenticate(key: second.secretText) == nil)
        try write([(second, "agent")], to: path)
        #expect(await file.authenticate(key: first.secretText) == nil)
        #expect(await file.authenticate(key: second.secretText)?.name == "agent")
    }

    @Test func aSpoiledFileAcceptsNobody() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("keys.json")
        let key = APIKey.generate()
        let file = KeyFile(path: path)
        try write([(key, "gate")], to: path)
        #expect(await file.authenticate(key: key.secretText) != nil)
        try FileSystem.writeAtomically(Array("[{".utf8), to: path, mode: 0o600)
        #expect(await file.authenticate(key: key.secretText) == nil)
    }

    @Test func theRightPrefixIsNotEnough() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("keys.json")
        let key = APIKey.generate()
        try write([(key, "gate")], to: path)
        let forged = key.secretText.dropLast() + (key.secretText.last == "A" ? "B" : "A")
        let file = KeyFile(path: path)
        for text in [String(forged), key.prefix, "", "opl__", "opl_\(key.prefix)_"] {
            #expect(await file.authenticate(key: text) == nil)
        }
    }
}
