import OpsModel
import OpsService
import Testing

@testable import TargetServer

@Suite struct JSONScannerTests {
    private func find(_ path: String, _ text: String) -> String? { JSONScanner.scalar(at: path, in: Array(text.utf8)) }

    @Test func findsScalarsByPath() {
        let text =
            #" {"a":[{"x":"q\"]}","y":[1,{"z":2}]},{"y":-4.5e1}],"b":{"a":true},"data":[ { "price_cents" : 100 } ]} "#
        #expect(find("data.0.price_cents", text) == "100")
        #expect(find("a.1.y", text) == "-4.5e1")
        #expect(find("b.a", text) == "true")
        #expect(find("a.0.y.1.z", text) == "2")
    }

    @Test func findsNothingWhereNothingIs() {
        #expect(find("data.0.price_cents", #"{"data":[]}"#) == nil)
        #expect(find("data.1", #"{"data":[1]}"#) == nil)
        #expect(find("x", #"{"y":1}"#) == nil)
        #expect(find("x", "not json") == nil)
        #expect(find("x", #"{"x":"#) == nil)
        #expect(find("x", #"{"a":"\"#) == nil)
    }

    @Test(arguments: 1...20)
    func agreesWithTheRealDecoder(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let document = Self.random(&generator, depth: 3)
        let bytes = try OpsJSON.encode(document)
        for path in Self.paths(document) {
            let expected = document.at(path)?.intValue.map(String.init)
            #expect(JSONScanner.scalar(at: path, in: bytes) == expected, "seed \(seed), path \(path)")
        }
    }

    private static func random(_ generator: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 3 : 1), using: &generator) {
        case 1:
            return .array(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in random(&generator, depth: depth - 1) }
            )
        case 2:
            let names = ["a", "b\"", "c,{", "d"].prefix(Int.random(in: 0...4, using: &generator))
            return .object(
                Dictionary(uniqueKeysWithValues: names.map { ($0, random(&generator, depth: depth - 1)) })
            )
        default: return .int(Int.random(in: -99...99, using: &generator))
        }
    }

    /// Paths of the numbers; names with special characters are only there to be skipped.
    private static func paths(_ document: JSONValue) -> [String] {
        switch document {
        case .array(let elements):
            elements.enumerated().flatMap { index, element in join(String(index), paths(element)) }
        case .object(let members):
            members.filter { ["a", "d"].contains($0.key) }.flatMap { join($0.key, paths($0.value)) }
        default: [""]
        }
    }

    private static func join(_ step: String, _ rest: [String]) -> [String] {
        rest.map { $0.isEmpty ? step : "\(step).\($0)" }
    }
}
