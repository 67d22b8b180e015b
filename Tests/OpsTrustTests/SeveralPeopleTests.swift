import OpsModel
import OpsTrust
import Testing

/// Which names are one person, and what bytes may say of how many sign.
@Suite struct SeveralPeopleTests {
    private func ring(_ makers: [String: String?]) -> KeyRing {
        KeyRing(
            makers.map { name, maker in
                TrustedKey(name: name, role: .approver, publicKey: SigningKey.generate().publicKey, mintedBy: maker)
            }
        )
    }

    @Test func aPersonIsTheRootOfTheirKeys() {
        let ring = ring(["ann": nil, "phone": "ann", "tablet": "phone", "bob": nil, "orphan": "gone"])
        #expect(["ann", "phone", "tablet"].allSatisfy { ring.root(of: $0) == "ann" })
        #expect(ring.root(of: "bob") == "bob" && ring.root(of: "nobody") == "nobody")
        #expect(ring.root(of: "orphan") == "gone")
    }

    @Test func namesThatMadeEachOtherAreOnePerson() {
        let ring = ring(["a": "b", "b": "c", "c": "a", "d": "c", "e": "e"])
        #expect(Set(["a", "b", "c", "d"].map { ring.root(of: $0) }) == ["a"])
        #expect(ring.root(of: "e") == "e")
    }

    @Test func theFileKeepsWhoMadeAKey() throws {
        let file = TrustFile(ring: ring(["ann": nil, "phone": "ann"]))
        let read = try OpsJSON.decode(TrustFile.self, from: try OpsJSON.encode(file))
        #expect(read == file && read.ring.root(of: "phone") == "ann")
    }

    @Test(arguments: [nil, 2, 5] as [Int?])
    func bytesMayWantSeveral(_ quorum: Int?) throws {
        var payload = GrantTests.payload()
        payload.quorum = quorum
        payload.barred = quorum.map { _ in ["ann"] }
        #expect(try GrantPayload.parse(try OpsJSON.encode(payload)) == payload)
    }

    @Test(arguments: [-1, 0, 1, 6, Int.max])
    func noOtherNumberIsAQuorum(_ quorum: Int) throws {
        var payload = GrantTests.payload()
        payload.quorum = quorum
        let bytes = try OpsJSON.encode(payload)
        #expect(throws: TrustError.self) { try GrantPayload.parse(bytes) }
    }

    @Test func oneMayNotBarNobodyOrAll() throws {
        for barred in [[], Array(repeating: "x", count: 9)] {
            var payload = GrantTests.payload()
            payload.barred = barred
            let bytes = try OpsJSON.encode(payload)
            #expect(throws: TrustError.self) { try GrantPayload.parse(bytes) }
        }
    }
}
