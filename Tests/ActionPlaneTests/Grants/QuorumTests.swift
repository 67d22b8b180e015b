import OpsModel
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// What ActionPlane asks for by itself where the signed bytes say that several people sign, or who may not.
@Suite struct QuorumTests {
    private let phone = SigningKey.generate()
    private let cid = SigningKey.generate()

    private func with(
        _ ceiling: TrustFile.Authority = .human,
        quorum: Int? = 2,
        barred: [String]? = nil,
        _ body: (ActionBench, ActionExecutor, GrantPayload) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()], ceiling: ceiling)
            let ring = KeyRing([
                TrustedKey(name: "ann", role: .approver, publicKey: bench.ann.publicKey),
                TrustedKey(name: "bob", role: .approver, publicKey: bench.bob.publicKey),
                TrustedKey(name: "cid", role: .approver, publicKey: cid.publicKey),
                TrustedKey(name: "phone", role: .approver, publicKey: phone.publicKey, mintedBy: "ann"),
                TrustedKey(name: "alias", role: .approver, publicKey: bench.ann.publicKey),
                TrustedKey(name: "gate", role: .gate, publicKey: bench.gate.publicKey),
            ])
            try bench.write(TrustFile(ring: ring, ceiling: ceiling))
            let executor = try bench.executor()
            var payload = try await bench.payload(executor, "toggle", ["to": "on"])
            payload.quorum = quorum
            payload.barred = barred
            try await body(bench, executor, payload)
        }
    }

    /// The same as somebody else signs it, some seconds earlier.
    private func signed(
        _ payload: GrantPayload,
        _ name: String,
        _ key: SigningKey,
        kind: GrantPayload.Kind = .human,
        agoS: Int = 0,
        quorum: Int?? = nil
    ) throws -> String {
        var own = payload
        own.grantID = Hex.encode(randomBytes(16))
        own.kind = kind
        own.decidedBy = [name]
        own.issuedAt -= agoS * 1_000
        own.notBefore -= agoS * 1_000
        if own.people > 1 { own.expiresAt += 600_000 }
        if let quorum { own.quorum = quorum }
        return try Grant(own, signedBy: key).text
    }

    private func code(_ executor: ActionExecutor, _ grants: String...) async throws -> ActionError.Code? {
        let request = ActionRequest(grant: grants.joined(separator: " "))
        do {
            _ = try await executor.run("toggle", request, principal: "gate", key: Hex.encode(randomBytes(8)))
            return nil
        } catch { return error.code }
    }

    @Test func fewerThanTheBytesSayAreNone() async throws {
        try await with(quorum: 3) { bench, executor, payload in
            let (ann, bob) = (try signed(payload, "ann", bench.ann), try signed(payload, "bob", bench.bob))
            let third = try signed(payload, "cid", cid)
            #expect(try await code(executor, ann) == .ceilingExceeded)
            #expect(try await code(executor, ann, bob) == .ceilingExceeded)
            #expect(try await code(executor, ann, bob, try signed(payload, "bob", bench.bob)) == .ceilingExceeded)
            #expect(try await code(executor, ann, bob, third, third) == .ceilingExceeded)
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 0)
            #expect(try await code(executor, ann, bob, third) == nil)
            #expect(try await code(executor, bob, third, ann) == .grantUsed)
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 1)
        }
    }

    @Test func twoKeysOfOnePersonAreOneVote() async throws {
        try await with { bench, executor, payload in
            let ann = try signed(payload, "ann", bench.ann)
            #expect(try await code(executor, ann, try signed(payload, "phone", phone)) == .ceilingExceeded)
            #expect(try await code(executor, ann, try signed(payload, "ann", bench.ann)) == .ceilingExceeded)
            // One key that stands under two names in the file is one person, too.
            #expect(try await code(executor, ann, try signed(payload, "alias", bench.ann)) != nil)
            #expect(try await code(executor, ann, try signed(payload, "bob", bench.bob)) == nil)
        }
    }

    /// Somebody takes the quorum out of the bytes: then they are not what the other signed.
    @Test func allSignTheSame() async throws {
        try await with { bench, executor, payload in
            let ann = try signed(payload, "ann", bench.ann)
            let bob = try signed(payload, "bob", bench.bob, quorum: .some(nil))
            #expect(try await code(executor, ann, bob) != nil)
            #expect(try await code(executor, ann, try signed(payload, "bob", bench.bob, quorum: 3)) == .ceilingExceeded)
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 0)
        }
    }

    @Test func theFirstMayWaitAndTheLastMayNot() async throws {
        try await with { bench, executor, payload in
            let early = try signed(payload, "ann", bench.ann, agoS: 50)
            let late = try signed(payload, "bob", bench.bob, agoS: 61)
            // The bench's memory is a minute long; what is older than that was forgotten.
            #expect(try await code(executor, late, try signed(payload, "ann", bench.ann, agoS: 61)) != nil)
            #expect(try await code(executor, early, try signed(payload, "bob", bench.bob)) == nil)
        }
        try await with(quorum: nil) { bench, executor, payload in
            var long = payload
            long.expiresAt += 600_000
            let grant = try Grant(long, signedBy: bench.ann).text
            #expect(try await code(executor, grant) == .grantInvalid)
        }
    }

    @Test func whoIsBarredByTheBytesCannotDecideUnderAnyName() async throws {
        try await with(quorum: nil, barred: ["ann"]) { bench, executor, payload in
            let ann = try signed(payload, "ann", bench.ann)
            #expect(try await code(executor, ann) == .deciderIsBarred)
            #expect(try await code(executor, try signed(payload, "phone", phone)) == .deciderIsBarred)
            #expect(try await code(executor, try signed(payload, "bob", bench.bob)) == nil)
        }
        try await with(barred: ["phone"]) { bench, executor, payload in
            let pair = (try signed(payload, "bob", bench.bob), try signed(payload, "ann", bench.ann))
            #expect(try await code(executor, pair.0, pair.1) == .deciderIsBarred)
        }
    }

    @Test func theGatesWordCountsOnlyWhereTheCeilingTakesItAndForTwoPeople() async throws {
        try await with { bench, executor, payload in
            let gate = try signed(payload, "bob", bench.gate, kind: .humanAttested)
            #expect(try await code(executor, try signed(payload, "ann", bench.ann), gate) == .ceilingExceeded)
        }
        try await with(.humanAttested) { bench, executor, payload in
            let ann = try signed(payload, "ann", bench.gate, kind: .humanAttested)
            #expect(try await code(executor, ann, try signed(payload, "phone", phone)) == .ceilingExceeded)
            #expect(try await code(executor, ann, try signed(payload, "ann", bench.gate, kind: .humanAttested)) != nil)
            #expect(try await code(executor, ann, try signed(payload, "bob", bench.bob)) == nil)
        }
        try await with(.policy) { bench, executor, payload in
            let policy = try signed(payload, "ann", bench.gate, kind: .policy)
            #expect(try await code(executor, policy, try signed(payload, "bob", bench.gate, kind: .policy)) != nil)
        }
    }
}
