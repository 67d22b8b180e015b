import OpsHTTP
import OpsModel
import OpsSystem
import OpsTestKit
import OpsTrust
import Testing

@testable import TargetServer

@Suite struct ProviderTests {
    private func charge(
        _ provider: ProviderFixture,
        _ key: String,
        bearer: String = ProviderFixture.key
    ) async throws
        -> HTTPClientResponse
    {
        let body = try OpsJSON.encode(Charge(key: key, amountCents: 900, card: "card-1"))
        return try await HTTPClient().send(
            HTTPClientRequest(
                method: .post,
                url: "\(provider.url)/charges",
                headers: ["Content-Type": "application/json"],
                body: body,
                idempotencyKey: key,
                key: bearer,
                retries: 0
            )
        )
    }

    @Test func aKeyIsChargedOnce() async throws {
        let directory = try TemporaryDirectory()
        let provider = try await ProviderFixture(.primary, in: directory.path)
        let key = ProviderFixture.plainKey(5)
        #expect(try await charge(provider, key).status == 201)
        #expect(try await charge(provider, key).status == 200)
        #expect(provider.book.after(0, limit: 10).count == 1)
        await provider.stop()
    }

    @Test func aWrongAmountIsChargedWithTheSameAnswerAndStaysAsItWasMade() async throws {
        let directory = try TemporaryDirectory()
        let provider = try await ProviderFixture(.primary, in: directory.path)
        provider.wrongShare.value = 100
        let key = ProviderFixture.plainKey(5)
        let answer = try await charge(provider, key)
        #expect(try answer.status == 201 && answer.json(ChargeRecord.self).amountCents == 990)
        provider.wrongShare.value = 0
        let again = try await charge(provider, key)
        #expect(try again.status == 200 && again.json(ChargeRecord.self).amountCents == 990)
        #expect(provider.book.find(key)?.amountCents == 990)
        #expect(try await charge(provider, ProviderFixture.plainKey(6)).json(ChargeRecord.self).amountCents == 900)
        await provider.stop()
    }

    @Test func ofAHundredChargesAsManyAreWrongAsAskedFor() {
        let cents = { (share: Int) in
            (0..<2_000).count { number in
                let charge = Charge(key: "k\(number)", amountCents: 500, card: "c")
                return ChargedAmount { share }.cents(of: charge) != 500
            }
        }
        #expect(cents(0) == 0 && cents(100) == 2_000)
        #expect((500...700).contains(cents(30)))
        let all = ChargedAmount { 100 }
        #expect(all.cents(of: Charge(key: "k", amountCents: 1, card: "c")) == 2)
        #expect(all.cents(of: Charge(key: "k", amountCents: .max, card: "c")) == .max - 1)
    }

    @Test func anotherMerchantsKeyIs401() async throws {
        let directory = try TemporaryDirectory()
        let provider = try await ProviderFixture(.primary, in: directory.path)
        #expect(try await charge(provider, "some-key", bearer: "wrong").status == 401)
        #expect(provider.book.after(0, limit: 10).isEmpty)
        await provider.stop()
    }

    private func account(_ provider: ProviderFixture, _ key: String) async throws -> Int {
        let request = HTTPClientRequest(url: "\(provider.url)/account", key: key, retries: 0)
        return try await HTTPClient().send(request).status
    }

    @Test func whichKeysAreTakenIsReadForEveryRequest() async throws {
        let directory = try TemporaryDirectory()
        let provider = try await ProviderFixture(.primary, in: directory.path)
        #expect(try await account(provider, ProviderFixture.key) == 200)
        #expect(try await account(provider, "new") == 401)
        let both = AcceptedKeys(of: [ProviderFixture.key, "new"])
        try FileSystem.writeAtomically(both.text, to: provider.keys)
        #expect(try await account(provider, ProviderFixture.key) == 200)
        #expect(try await account(provider, "new") == 200)
        try FileSystem.writeAtomically(both.removing(ProviderFixture.key).text, to: provider.keys)
        #expect(try await account(provider, ProviderFixture.key) == 401)
        #expect(try await charge(provider, "k", bearer: ProviderFixture.key).status == 401)
        #expect(try await charge(provider, ProviderFixture.plainKey(9), bearer: "new").status == 201)
        await provider.stop()
    }

    @Test func withoutAListNobodyIsToldThatAKeyIsWrong() async throws {
        let directory = try TemporaryDirectory()
        let provider = try await ProviderFixture(.primary, in: directory.path)
        try FileSystem.remove(provider.keys)
        #expect(try await account(provider, ProviderFixture.key) == 503)
        #expect(try await charge(provider, "k").status == 503)
        await provider.stop()
    }

    @Test func theBookSurvivesTheProcess() async throws {
        let directory = try TemporaryDirectory()
        let made: ChargeRecord
        do {
            let book = try ChargeBook(directory: directory.path, name: "a")
            made = try book.record(Charge(key: "k", amountCents: 4, card: "c"), .charged).0
        }
        let book = try ChargeBook(directory: directory.path, name: "a")
        #expect(book.find("k") == made)
        let again = try book.record(Charge(key: "k", amountCents: 4, card: "c"), .charged)
        #expect(again.isRepeated)
        #expect(try book.record(Charge(key: "l", amountCents: 4, card: "c"), .declined).0.seq == 2)
    }

    @Test func theFallbackHasSixtyPercentAndTakesFortyMore() {
        let (primary, fallback) = (ProviderTerms.primary, ProviderTerms.fallback)
        let capacity: (ProviderTerms) -> Double = { Double($0.slots) * 1_000 / Double($0.latencyMilliseconds) }
        #expect(capacity(fallback) / capacity(primary) == 0.6)
        #expect(fallback.latencyMilliseconds - primary.latencyMilliseconds == 40)
    }
}
