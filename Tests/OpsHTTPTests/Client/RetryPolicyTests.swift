import OpsService
import OpsSystem
import Testing

@testable import OpsHTTP

@Suite struct RetryPolicyTests {
    private func wait(
        _ outcome: RetryPolicy.Outcome,
        tries: Int = 1,
        retries: Int = 2,
        isRepeatable: Bool = true,
        remaining: Duration = .seconds(5),
        seed: UInt64 = 1
    ) -> Duration? {
        var generator = SeededGenerator(seed: seed)
        return RetryPolicy().wait(
            after: outcome,
            tries: tries,
            retries: retries,
            isRepeatable: isRepeatable,
            remaining: remaining,
            using: &generator
        )
    }

    @Test func whatMayHaveHappenedIsNotRepeated() {
        for code in [HTTPClientError.Code.unreachable, .timedOut, .interrupted] {
            #expect(wait(.failed(code), isRepeatable: false) == nil)
            #expect(wait(.failed(code)) != nil)
        }
        #expect(wait(.answered(status: 503, retryAfter: 0), isRepeatable: false) == nil)
    }

    @Test func onlyPassingFailuresAreRepeated() {
        for status in [200, 201, 400, 401, 403, 404, 409, 422, 500] {
            #expect(wait(.answered(status: status, retryAfter: nil)) == nil, "\(status)")
        }
        for status in [429, 502, 503, 504] {
            #expect(wait(.answered(status: status, retryAfter: nil)) != nil, "\(status)")
        }
        for code in [HTTPClientError.Code.cancelled, .badURL, .answerTooLarge, .badAnswer] {
            #expect(wait(.failed(code)) == nil)
        }
    }

    @Test func theNumberOfTriesAndTheTimeAreLimits() {
        #expect(wait(.failed(.unreachable), tries: 2) != nil)
        #expect(wait(.failed(.unreachable), tries: 3) == nil)
        #expect(wait(.failed(.unreachable), retries: 0) == nil)
        #expect(wait(.answered(status: 503, retryAfter: 60)) == nil)
        #expect(wait(.answered(status: 503, retryAfter: 3)) == .seconds(3))
    }

    @Test func waitsGrowAndAreDrawnFromTheWholeRange() {
        for tries in 1...8 {
            let ceiling = min(2, 0.05 * Double(1 << (tries - 1)))
            let waits = (0..<200).compactMap { seed in
                wait(.failed(.unreachable), tries: tries, retries: 10, seed: UInt64(seed))?.inSeconds
            }
            #expect(waits.allSatisfy { $0 >= 0 && $0 <= ceiling })
            #expect((waits.min() ?? 1) < ceiling / 10)
            #expect((waits.max() ?? 0) > ceiling * 0.9)
        }
    }
}
