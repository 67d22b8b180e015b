import OpsHTTP
import OpsModel
import Testing

@testable import TargetServer

@Suite("The time that a request to a provider says")
struct RequestTimeTests {
    private let now = Timestamp(secondsSinceEpoch: 1_700_000_000)

    private func code(_ date: String?) throws -> String? {
        let request = try HTTPRequest(.get, "/account", headers: date.map { ["Date": $0] } ?? [:])
        do throws(HTTPError) { try RequestTime.admit(request, at: now) } catch {
            return error.status == 401 ? error.code : "\(error.status)"
        }
        return nil
    }

    @Test("Half a minute to either side is let in, and who says nothing")
    func near() throws {
        #expect(try code(nil) == nil)
        for seconds in [-29.0, 0, 29] { #expect(try code(HTTPDate.text(now + seconds)) == nil, "\(seconds)") }
    }

    @Test("What is further away, or cannot be read, is refused")
    func far() throws {
        for seconds in [-31.0, 31, 300] {
            #expect(try code(HTTPDate.text(now + seconds)) == "request_expired", "\(seconds)")
        }
        #expect(try code("just now") == "request_expired")
    }
}
