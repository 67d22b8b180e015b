import OpsModel
import OpsTrust
import Testing

@Suite struct AuditLinkTests {
    @Test func noFieldCanMoveIntoTheNext() {
        let hashes = [["ab", "c"], ["a", "bc"], ["abc", nil], ["abc", ""], [nil, "abc"], ["abc"]].map {
            AuditLink.hash(previous: AuditLink.genesis, sequence: 1, fields: $0)
        }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test func placeAndPredecessorCount() {
        let first = AuditLink.hash(previous: AuditLink.genesis, sequence: 1, fields: ["x"])
        #expect(first != AuditLink.hash(previous: AuditLink.genesis, sequence: 2, fields: ["x"]))
        #expect(first != AuditLink.hash(previous: first, sequence: 1, fields: ["x"]))
        #expect(first == AuditLink.hash(previous: AuditLink.genesis, sequence: 1, fields: ["x"]))
    }
}

@Suite struct CommitmentTests {
    @Test func onlyTheCommittedScenarioAndSeedOpenIt() {
        let promise = Commitment(scenario: "a", seed: 7)
        #expect(Commitment.opens(promise.digest, scenario: "a", seed: 7, nonce: promise.nonce))
        #expect(!Commitment.opens(promise.digest, scenario: "a", seed: 8, nonce: promise.nonce))
        #expect(!Commitment.opens(promise.digest, scenario: "b", seed: 7, nonce: promise.nonce))
        #expect(Commitment(scenario: "a", seed: 7).digest != promise.digest)
    }
}

@Suite struct DisguiseTagTests {
    @Test func onlyTheHolderOfTheKeyRecognisesATag() {
        let ours = DisguiseTag(key: randomBytes(32))
        let name = ours.name("nightly-report", token: "t1").description
        #expect(ClientName(parsing: name)?.base == "nightly-report")
        #expect(ours.matches(name, token: "t1"))
        #expect(!ours.matches(name, token: "t2"))
        #expect(!DisguiseTag(key: randomBytes(32)).matches(name, token: "t1"))
        #expect(!ours.matches("psql", token: "t1"))
    }
}
