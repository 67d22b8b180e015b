import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import ActionPlane

/// What a grant must be, and what becomes of one that is not.
@Suite struct GrantTests {
    private func with(
        ceiling: TrustFile.Authority = .human,
        _ body: (ActionBench, ActionExecutor, GrantPayload) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()], ceiling: ceiling)
            let executor = try bench.executor()
            try await body(bench, executor, try await bench.payload(executor, "toggle", ["to": "on"]))
        }
    }

    private func refusal(
        _ executor: ActionExecutor,
        _ grant: String?,
        parameters: [String: JSONValue] = [:],
        key: String = "key"
    ) async -> ActionError? {
        let request = ActionRequest(grant: grant, parameters: parameters)
        return await #expect(throws: ActionError.self) {
            try await executor.run("toggle", request, principal: "gate", key: key)
        }
    }

    @Test func aGoodOneWorksOnceAndRepeatsItsAnswer() async throws {
        try await with { bench, executor, payload in
            let grant = try Grant(payload, signedBy: bench.ann).text
            let request = ActionRequest(grant: grant, parameters: ["to": "on"])
            let first = try await executor.run("toggle", request, principal: "gate", key: "key")
            #expect(first.state == .done && !first.isReplay, "\(first)")
            let again = try await executor.run("toggle", request, principal: "gate", key: "key")
            #expect(again.isReplay && again.run == first.run)
            #expect(await refusal(executor, grant, parameters: ["to": "on"], key: "other")?.code == .grantUsed)
            #expect(await refusal(executor, grant, key: "key")?.code == .idempotencyConflict)
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 1)
        }
    }

    @Test func whatWasUsedStaysUsedAfterARestart() async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()])
            var grant = ""
            do {
                let executor = try bench.executor()
                grant = try Grant(try await bench.payload(executor, "toggle", ["to": "on"]), signedBy: bench.ann).text
                _ = try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "key")
            }
            let executor = try bench.executor()
            #expect(await refusal(executor, grant, key: "other")?.code == .grantUsed)
            let again = try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "key")
            #expect(again.isReplay && again.state == .done)
        }
    }

    @Test func twoAtOnceHaveOneEffect() async throws {
        try await with { bench, executor, payload in
            let grant = try Grant(payload, signedBy: bench.ann).text
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        let request = ActionRequest(grant: grant)
                        let result = try? await executor.run("toggle", request, principal: "gate", key: "key-\(index)")
                        return result?.state == .done
                    }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(outcomes.count { $0 } == 1)
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 1)
        }
    }

    @Test func refusesForgedAlteredAndForeignOnes() async throws {
        try await with { bench, executor, payload in
            let stranger = try Grant(payload, signedBy: SigningKey.generate()).text
            #expect(await refusal(executor, stranger)?.details?["reason"] == "unknown_key")
            let good = try Grant(payload, signedBy: bench.ann).text
            let other = try Grant(payload, signedBy: bench.bob).text
            let mixed = "\(good.split(separator: ".")[0]).\(other.split(separator: ".")[1])"
            #expect(await refusal(executor, mixed)?.details?["reason"] == "bad_signature")
            for text in ["", "x", "a.b", good + ".", String(good.dropLast(3))] {
                #expect(await refusal(executor, text)?.code == .grantMalformed, "\(text)")
            }
            var elsewhere = payload
            elsewhere.instanceID = String(repeating: "f", count: 32)
            let foreign = try Grant(elsewhere, signedBy: bench.ann).text
            #expect(await refusal(executor, foreign)?.details?["reason"] == "instance_mismatch")
            var misdirected = payload
            misdirected.audience = "somebody"
            let wrong = try Grant(misdirected, signedBy: bench.ann).text
            #expect(await refusal(executor, wrong)?.details?["reason"] == "audience_mismatch")
            #expect(await refusal(executor, nil)?.code == .grantRequired)
        }
    }

    @Test func refusesOnesThatAreOutOfTheirTime() async throws {
        try await with { bench, executor, payload in
            var late = payload
            (late.issuedAt, late.notBefore, late.expiresAt) = (
                late.issuedAt - 50_000, late.notBefore - 50_000, late.notBefore - 1
            )
            let expired = try Grant(late, signedBy: bench.ann).text
            #expect(await refusal(executor, expired)?.details?["reason"] == "expired")
            var early = payload
            (early.notBefore, early.expiresAt) = (early.notBefore + 20_000, early.expiresAt + 20_000)
            let notYet = try Grant(early, signedBy: bench.ann).text
            #expect(await refusal(executor, notYet)?.details?["reason"] == "not_yet_valid")
            var long = payload
            long.expiresAt = long.notBefore + 3_600_000
            #expect(await refusal(executor, try Grant(long, signedBy: bench.ann).text)?.code == .grantInvalid)
        }
    }

    @Test func refusesOnesForSomethingElse() async throws {
        try await with { bench, executor, payload in
            let good = try Grant(payload, signedBy: bench.ann).text
            #expect(await refusal(executor, good, parameters: ["to": "off"])?.code == .parametersDiffer)
            var version = payload
            version.actionVersion = 2
            #expect(await refusal(executor, try Grant(version, signedBy: bench.ann).text)?.code == .actionChanged)
            var own = payload
            own.requester = "ann"
            #expect(await refusal(executor, try Grant(own, signedBy: bench.ann).text)?.code == .deciderIsRequester)
            var wild = payload
            wild.parameters = ["to": "sideways"]
            #expect(await refusal(executor, try Grant(wild, signedBy: bench.ann).text)?.code == .invalidParameters)
            var foreign = payload
            foreign.organisation = "another"
            #expect(await refusal(executor, try Grant(foreign, signedBy: bench.ann).text)?.code == .grantInvalid)
            #expect(await refusal(executor, good, key: "")?.code == .idempotencyKeyRequired)
        }
    }

    @Test func theTargetThatWasSignedIsTheOneThatCounts() async throws {
        try await with { bench, executor, payload in
            var other = payload
            other.target = "db"
            let grant = try Grant(other, signedBy: bench.ann).text
            let result = try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "k")
            #expect(result.state == .notDone && result.detail["code"] == "parameters_differ", "\(result)")
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 0)
        }
    }

    @Test func theCeilingIsOurs() async throws {
        try await with { bench, executor, payload in
            for kind in [GrantPayload.Kind.policy, .humanAttested] {
                var policy = payload
                policy.kind = kind
                let grant = try Grant(policy, signedBy: bench.gate).text
                #expect(await refusal(executor, grant)?.code == .ceilingExceeded, "\(kind)")
            }
        }
        try await with(ceiling: .policy) { bench, executor, payload in
            var policy = payload
            policy.kind = .policy
            let grant = try Grant(policy, signedBy: bench.gate).text
            let result = try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "k")
            #expect(result.state == .done)
        }
    }

    @Test func theGatesWordForAPersonCountsWhereTheCeilingSaysSo() async throws {
        try await with(ceiling: .humanAttested) { bench, executor, payload in
            var attested = payload
            attested.kind = .humanAttested
            attested.decidedBy = []
            #expect(await refusal(executor, try Grant(attested, signedBy: bench.gate).text)?.code == .ceilingExceeded)
            attested.decidedBy = [attested.requester]
            #expect(
                await refusal(executor, try Grant(attested, signedBy: bench.gate).text)?.code == .deciderIsRequester
            )
            attested.decidedBy = ["ann"]
            #expect(await refusal(executor, try Grant(attested, signedBy: bench.ann).text)?.code == .grantInvalid)
            var policy = attested
            policy.kind = .policy
            #expect(await refusal(executor, try Grant(policy, signedBy: bench.gate).text)?.code == .ceilingExceeded)
            let grant = try Grant(attested, signedBy: bench.gate).text
            #expect(await refusal(executor, "\(grant) \(grant)")?.code == .grantMalformed)
            let result = try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "k")
            #expect(result.state == .done)
            #expect(await refusal(executor, grant, key: "l")?.code == .grantUsed)
        }
        for ceiling in [TrustFile.Authority.humanSigned, .twoHumans] {
            try await with(ceiling: ceiling) { bench, executor, payload in
                var attested = payload
                attested.kind = .humanAttested
                let grant = try Grant(attested, signedBy: bench.gate).text
                #expect(await refusal(executor, grant)?.code == .ceilingExceeded, "\(ceiling)")
            }
        }
    }

    @Test func twoPeopleMeansTwoPeople() async throws {
        try await with(ceiling: .twoHumans) { bench, executor, payload in
            let ann = try Grant(payload, signedBy: bench.ann).text
            var second = payload
            second.grantID = String(payload.grantID.reversed())
            let annAgain = try Grant(second, signedBy: bench.ann).text
            #expect(await refusal(executor, ann)?.code == .ceilingExceeded)
            #expect(await refusal(executor, "\(ann) \(annAgain)")?.code == .ceilingExceeded)
            second.decidedBy = ["bob"]
            var different = second
            different.parameters = ["to": "off"]
            let bobElse = try Grant(different, signedBy: bench.bob).text
            #expect(await refusal(executor, "\(ann) \(bobElse)")?.code == .grantInvalid)
            let pair = "\(ann) \(try Grant(second, signedBy: bench.bob).text)"
            let result = try await executor.run("toggle", ActionRequest(grant: pair), principal: "gate", key: "k")
            #expect(result.state == .done)
            #expect(await refusal(executor, ann + " " + pair.split(separator: " ")[1], key: "l")?.code == .grantUsed)
        }
    }

    @Test func neitherOfTwoPeopleMayBeWhoAsks() async throws {
        try await with(ceiling: .twoHumans) { bench, executor, payload in
            var first = payload
            first.requester = "bob"
            var second = first
            second.grantID = String(payload.grantID.reversed())
            second.decidedBy = ["bob"]
            let ann = try Grant(first, signedBy: bench.ann).text
            let bob = try Grant(second, signedBy: bench.bob).text
            for pair in ["\(ann) \(bob)", "\(bob) \(ann)"] {
                #expect(await refusal(executor, pair)?.code == .deciderIsRequester)
            }
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 0)
        }
    }

    @Test func aRemovedKeyIsRefusedAtOnce() async throws {
        try await with { bench, executor, payload in
            try bench.write(TrustFile(ring: KeyRing([])))
            let grant = try Grant(payload, signedBy: bench.ann).text
            #expect(await refusal(executor, grant)?.details?["reason"] == "unknown_key")
            try FileSystem.remove("\(bench.directory)/trust.json")
            #expect(await refusal(executor, grant)?.code == .grantInvalid)
        }
    }

    @Test func withoutMemoryOlderGrantsAreRefused() async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()])
            var payload = try await bench.payload(bench.executor(), "toggle", ["to": "on"])
            try FileSystem.removeTree("\(directory)/journal")
            let executor = try bench.executor()
            payload.issuedAt -= 1_000
            #expect(await refusal(executor, try Grant(payload, signedBy: bench.ann).text)?.code == .grantForgotten)
            let fresh = try await bench.run(executor, "toggle", ["to": "on"])
            #expect(fresh.state == .done)
        }
    }

    /// The journal is lost, or cut off before the line that says that the grant was used, and the service starts twice.
    @Test(arguments: [false, true]) func whatWasForgottenStaysForgotten(_ isTorn: Bool) async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()])
            let path = "\(directory)/journal/journal.log"
            var grant = ""
            do {
                let executor = try bench.executor()
                var payload = try await bench.payload(executor, "toggle", ["to": "on"])
                payload.issuedAt -= 1_000
                grant = try Grant(payload, signedBy: bench.ann).text
                _ = try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "key")
            }
            if isTorn {
                let bytes = try FileSystem.read(path)
                let line = try #require(bytes.firstRange(of: Array("consumed".utf8)))
                try FileSystem.writeAtomically(Array(bytes[..<line.upperBound]), to: path)
            } else {
                try FileSystem.remove(path)
            }
            for start in 1...3 {
                let executor = try bench.executor()
                #expect(await refusal(executor, grant)?.code == .grantForgotten, "start \(start)")
            }
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 1)
        }
    }

    @Test func aRaisedUnreadableOrForgottenEpochStopsTheRun() async throws {
        try await with { bench, executor, payload in
            await bench.epochs.setReadable(false)
            let unreadable = try await bench.run(executor, "toggle", ["to": "on"])
            #expect(unreadable.state == .notDone && unreadable.detail["code"] == "epoch_unreadable")
            await bench.epochs.setReadable(true)
            await bench.epochs.raise()
            let stale = try await bench.run(executor, "toggle", ["to": "on"])
            #expect(stale.state == .notDone && stale.detail["code"] == "epoch_stale")
            var current = try await bench.payload(executor, "toggle", ["to": "on"])
            current.epoch = 1
            let grant = try Grant(current, signedBy: bench.ann).text
            #expect(
                try await executor.run("toggle", ActionRequest(grant: grant), principal: "gate", key: "1").state
                    == .done
            )
            await bench.epochs.set(0)
            let restored = try await bench.run(executor, "toggle", ["to": "on"])
            #expect(restored.detail["code"] == "database_rolled_back")
            #expect(try #require(bench.actions.first as? MemoryAction).effects == 1)
        }
    }

    @Test func aClockThatWentBackStopsEverything() async throws {
        try await TemporaryDirectory.with { directory in
            let bench = try ActionBench(directory, [MemoryAction()])
            let executor = try bench.executor(now: { .now() + -3 })
            let payload = try await bench.payload(executor, "toggle", ["to": "on"])
            #expect(await refusal(executor, try Grant(payload, signedBy: bench.ann).text)?.code == .clockWentBack)
        }
    }
}
