import OpsHTTP
import OpsModel
import Testing

@Suite struct HTTPDateTests {
    @Test func writesTheSecondInWhichAMomentLies() {
        let moment = Timestamp(secondsSinceEpoch: 784_111_777.9)
        #expect(HTTPDate.text(moment) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test func readsWhatItWrites() {
        for seconds in [0.0, 784_111_777, 951_782_400, 1_709_164_799, 4_102_444_800] {
            let moment = Timestamp(secondsSinceEpoch: seconds)
            #expect(HTTPDate.parse(HTTPDate.text(moment)) == moment)
        }
    }

    @Test func anythingElseIsNoDate() {
        let bad = [
            "", "now", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:+9:37 GMT",
            "Sun, 06 Non 1994 08:49:37 GMT", "Xxx, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        ]
        for text in bad { #expect(HTTPDate.parse(text) == nil, "\(text)") }
    }
}
