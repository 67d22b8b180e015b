import Glibc
import OpsTrust
import Testing

@Suite struct SigningKeyTests {
    @Test func signaturesHoldForTheirBytesAndKeyOnly() {
        let key = SigningKey.generate()
        let signature = key.sign([1, 2, 3])
        #expect(key.publicKey.verifies(signature, over: [1, 2, 3]))
        #expect(!key.publicKey.verifies(signature, over: [1, 2, 4]))
        #expect(!SigningKey.generate().publicKey.verifies(signature, over: [1, 2, 3]))
        #expect(!key.publicKey.verifies(Array(signature.dropLast()), over: [1, 2, 3]))
    }

    @Test func theFirstVectorOfRFC8032() throws {
        let seed = try #require(Hex.decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        let key = try #require(SigningKey(seed: seed))
        #expect(key.publicKey.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(Hex.encode(key.sign([])).hasPrefix("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"))
    }

    @Test func aKeyReadsBackFromItsFileOfMode0600() throws {
        let path = "/tmp/opslab-key-\(Hex.encode(randomBytes(6)))"
        defer { unlink(path) }
        let key = SigningKey.generate()
        try key.write(to: path)
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try SigningKey.read(from: path).id == key.id)
        #expect(throws: TrustError.self) { try key.write(to: path) }
        chmod(path, 0o644)
        #expect { try SigningKey.read(from: path) } throws: { ($0 as? TrustError)?.code == .fileUnsafe }
    }

    @Test func aFileOfSomethingElseIsRefused() throws {
        let path = "/tmp/opslab-key-\(Hex.encode(randomBytes(6)))"
        defer { unlink(path) }
        try SecretFile.create(
            path,
            Array("opslab-signing-key-1 0000000000000000 \(String(repeating: "0", count: 64))\n".utf8)
        )
        #expect { try SigningKey.read(from: path) } throws: { ($0 as? TrustError)?.code == .badKey }
    }
}

@Suite struct APIKeyTests {
    @Test func aNewKeyReadsBackAndMatchesItsHash() throws {
        let key = APIKey.generate()
        let presented = try #require(APIKey(key.secretText))
        #expect(presented.prefix == key.prefix)
        #expect(presented.matches(key.hash))
        #expect(!APIKey.generate().matches(key.hash))
        #expect(!"\(key)".contains(key.secretText.dropFirst(13)))
    }

    @Test(arguments: [
        "", "opl_", "opl_12345678_short", "xyz_12345678_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "opl_1234567_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "opl_1234567'_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "opl_12345678_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ])
    func otherFormsAreNoKeys(_ text: String) {
        #expect(APIKey(text) == nil)
    }

    @Test func underscoresInTheSecretDoNotMatter() throws {
        let text = "opl_0a1b2c3d____________________________________________"
        #expect(APIKey(text)?.secretText == text)
    }
}
