import OpsModel
import Testing

@Suite struct JSONValueTests {
    @Test func keepsWholeNumbersAndFractionsApart() throws {
        let value = try OpsJSON.decode(
            JSONValue.self,
            from: Array(#"{"pid":4117,"ratio":0.5,"up":true,"none":null}"#.utf8)
        )
        #expect(value == ["pid": 4117, "ratio": 0.5, "up": true, "none": nil])
        #expect(try OpsJSON.string(value) == #"{"none":null,"pid":4117,"ratio":0.5,"up":true}"#)
    }

    @Test func followsPathsThroughArrays() {
        let answer: JSONValue = ["data": [["price_cents": 250]]]
        #expect(answer.at("data.0.price_cents")?.intValue == 250)
        #expect(answer.at("data.1.price_cents") == nil)
        #expect(answer.at("data.0.name") == nil)
    }
}
